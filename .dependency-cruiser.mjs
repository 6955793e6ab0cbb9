// Who may import whom. TypeScript 7 has no compiler API, so the parser must be swc:
// without it no .ts file is read and the check passes on nothing (test/tools/layers.test.ts proves that it can fail).

/** What each folder of the engine may import besides itself. A new folder has to be given its place here. */
const engineFolders = {
  platform: [],
  brain: ['platform'],
  code: ['platform'],
  snapshot: ['brain', 'code', 'platform'],
  growth: ['snapshot', 'brain', 'platform'],
  retention: ['snapshot', 'platform'],
  restore: ['snapshot', 'brain', 'code', 'platform'],
  link: ['platform'],
  operations: ['link', 'restore', 'retention', 'growth', 'snapshot', 'brain', 'code', 'platform'],
};

/** Files beside them that stand just above the platform: every folder but the platform may import them. */
const engineBase = ['context', 'folders', 'program-folder', 'settings-file', 'version'];

const folderNames = Object.keys(engineFolders).join('|');
const contractFile = 'engine[.]ts$';
const baseFiles = `(${engineBase.join('|')})[.]ts$`;

const engineRules = Object.entries(engineFolders).map(([folder, allowed]) => ({
  name: `engine-${folder}`,
  comment: `src/engine/${folder} may import ${[...allowed, 'the types of engine.ts, shared'].join(', ')}.`,
  severity: 'error',
  from: { path: `^src/engine/${folder}/` },
  to: {
    path: '^src/engine/',
    pathNot: [
      `^src/engine/(${[folder, ...allowed].join('|')})/`,
      `^src/engine/${contractFile}`,
      ...(folder === 'platform' ? [] : [`^src/engine/${baseFiles}`]),
    ],
  },
}));

export default {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'No import cycles. Types may refer to each other: they are gone when the program runs.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphan',
      comment:
        'A module that nothing imports and that imports nothing is a leftover. Entries are loaded by path or URL.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot:
          '[.]config[.]ts$|[.]d[.]ts$|-(worker|process)[.]ts$|[.]test[.]ts$|^test/electron-host/(page|tiny-app)/',
      },
      to: {},
    },
    {
      name: 'no-unresolvable',
      comment: 'The imported module does not exist.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-undeclared-package',
      comment: 'A package has to stand in package.json; what runs at the user may not be a devDependency.',
      severity: 'error',
      // The launcher bundles the program where the bundler is installed, and does without it elsewhere.
      // What the renderer needs is built into its page; Electron is what main and the preload run in.
      from: { path: '^(src|bin)/', pathNot: '^(bin/open-program[.]js$|src/renderer/)' },
      to: {
        pathNot: '^node_modules/electron/',
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'shared-is-pure',
      comment: 'src/shared runs everywhere: it imports nothing of ours.',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { path: '^(src|bin|sample|test|bench|scripts)/', pathNot: '^src/shared/' },
    },
    {
      name: 'shared-without-node',
      comment: 'src/shared runs in the renderer too: no module of Node.',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'src-is-closed',
      comment: 'The product imports nothing of its tests and tools; only the sample command reaches the sample.',
      severity: 'error',
      from: { path: '^(src|bin)/', pathNot: '^src/cli/' },
      to: { path: '^(test|bench|scripts|sample)/' },
    },
    {
      name: 'engine-imports-shared-only',
      comment: 'The engine knows no shell.',
      severity: 'error',
      from: { path: '^src/engine/' },
      to: { path: '^src/', pathNot: '^src/(engine|shared)/' },
    },
    {
      name: 'engine-contract-is-types',
      comment: 'src/engine/engine.ts is the contract, open to every shell: it imports shared only.',
      severity: 'error',
      from: { path: '^src/engine/engine[.]ts$' },
      to: { pathNot: '^src/shared/' },
    },
    {
      name: 'engine-folder-has-a-place',
      comment: 'This folder of the engine is not in the table of .dependency-cruiser.mjs.',
      severity: 'error',
      from: { path: '^src/engine/[^/]+/', pathNot: `^src/engine/(${folderNames})/` },
      to: {},
    },
    {
      name: 'engine-base',
      comment: `${engineBase.join(', ')} import each other, the platform and shared.`,
      severity: 'error',
      from: { path: `^src/engine/${baseFiles}` },
      to: { path: '^src/engine/', pathNot: `^src/engine/(platform/|${contractFile}|${baseFiles})` },
    },
    ...engineRules,
    {
      name: 'no-electron',
      comment: 'Only src/main and src/preload know electron.',
      severity: 'error',
      from: { path: '^(src|bin|sample)/', pathNot: '^src/(main|preload)/' },
      to: { path: '(^|node_modules/)electron($|/)' },
    },
    {
      name: 'cli-uses-the-door',
      comment:
        'The command line reaches the engine by src/engine/index.ts (and its types), knows its own version and folder, serves the panel, and else imports only shared and the sample.',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: {
        path: '^(src|bin|sample|test|bench|scripts)/',
        pathNot:
          '^(src/(cli|shared|engine-host|panel-server)/|src/engine/(index|engine|version|program-folder)[.]ts$|sample/(create|start)-sample[.]ts$)',
      },
    },
    {
      name: 'host-uses-the-door',
      comment: 'What serves an engine to windows reaches it as the command line does, and knows no shell.',
      severity: 'error',
      from: { path: '^src/engine-host/' },
      to: {
        path: '^(src|bin|sample|test|bench|scripts)/',
        pathNot: '^(src/(engine-host|shared)/|src/engine/(index|engine)[.]ts$)',
      },
    },
    {
      name: 'panel-server-imports-host',
      comment: 'The server of the panel carries messages between browsers and a host.',
      severity: 'error',
      from: { path: '^src/panel-server/' },
      to: { path: '^(src|bin|sample|test|bench|scripts)/', pathNot: '^src/(panel-server|engine-host|shared)/' },
    },
    {
      name: 'renderer-imports-shared-only',
      comment: 'The panel knows its host by the protocol alone.',
      severity: 'error',
      from: { path: '^src/renderer/' },
      to: { path: '^(src|bin|sample|test|bench|scripts)/', pathNot: '^src/(renderer|shared)/' },
    },
    {
      name: 'renderer-without-node',
      comment: 'The panel runs in a browser: no module of Node.',
      severity: 'error',
      from: { path: '^src/renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'main-imports-shared-only',
      comment: 'Main reaches the engine by messages alone.',
      severity: 'error',
      from: { path: '^src/main/' },
      to: { path: '^(src|bin|sample|test|bench|scripts)/', pathNot: '^src/(main|shared)/' },
    },
    {
      name: 'preload-is-small',
      comment: 'The preload runs in the sandbox: it imports electron, and of ours the list of what it exposes.',
      severity: 'error',
      from: { path: '^src/preload/' },
      to: {
        path: '^(src|bin|sample|test|bench|scripts)/',
        pathNot: '^src/(preload/|shared/app-bridge[.]ts$)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'preload-without-node',
      comment: 'The sandbox has no modules of Node.',
      severity: 'error',
      from: { path: '^src/preload/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'sqlite-has-one-home',
      comment: 'Only src/engine/brain and src/engine/platform open SQLite.',
      severity: 'error',
      from: { path: '^(src|bin)/', pathNot: '^src/engine/(brain|platform)/' },
      to: { path: '(^|node_modules/)better-sqlite3($|/)' },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    // What the sample copies is the code of a Codex, not ours.
    exclude: { path: '^sample/files/|^(dist|out)/|^[.][^./]' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
