import { createHash } from 'node:crypto';
import { z } from '../../shared/zod.ts';

/** What the script hands over to: a Node binary and our script, or a packaged program. Absolute paths. */
export type Program = readonly [command: string, ...parameters: string[]];

export interface HandOver {
  readonly program: Program;
  /** False once someone has edited the script. */
  readonly intact: boolean;
}

const firstLine = /^\/\/ Made by "codex-backup link" \(1, sha256 ([0-9a-f]{64})\); "codex-backup unlink" undoes it\.\n/;
const programLine = /^const program = (\[.*\]);$/m;
const programSchema = z.tuple([z.string()], z.string());

/** The script that takes the place of scripts/codexAutoBackup.js. Its first line says whose it is, with a hash of the rest. */
export function renderHandOverScript(program: Program): string {
  const body = `const program = ${JSON.stringify(program)};\n${handOver}`;
  return `// Made by "codex-backup link" (1, sha256 ${sha256(body)}); "codex-backup unlink" undoes it.\n${body}`;
}

/** Reads such a script back; undefined when it is not one of ours. */
export function parseHandOverScript(text: string): HandOver | undefined {
  const hash = firstLine.exec(text)?.[1];
  const program = parseProgram(programLine.exec(text)?.[1]);
  if (hash === undefined || program === undefined) return undefined;
  return { program, intact: sha256(text.replace(firstLine, '')) === hash };
}

function parseProgram(json: string | undefined): Program | undefined {
  try {
    const result = programSchema.safeParse(JSON.parse(json ?? ''));
    return result.success ? result.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Runs on whatever Node Codex has, from version 18 on, as a module or as CommonJS. It tells the process id of whoever
 * started it: seen from our command line, the parent is this script.
 */
const handOver = `
async function handOver() {
  const { spawn } = await import('node:child_process');
  const { existsSync } = await import('node:fs');
  const { dirname, resolve } = await import('node:path');

  const missing = program.find((path) => !existsSync(path));
  if (missing !== undefined) return fail(\`\${missing} is not there any more\`);

  const root = dirname(dirname(resolve(process.argv[1])));
  const environment = { ...process.env, CODEX_BACKUP_CALLER_PID: String(process.ppid) };
  delete environment.NODE_OPTIONS; // meant for Codex's own Node
  const [command, ...parameters] = program;
  const run = [...parameters, 'run', '--root', root, ...process.argv.slice(2)];
  const child = spawn(command, run, { stdio: 'inherit', env: environment });

  process.on('SIGINT', () => {}); // Ctrl-C reaches the child by itself; wait for its answer
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code, signal) => {
    if (code === null) fail(\`it was ended by \${signal}\`);
    else process.exitCode = code;
  });
}

function fail(reason) {
  console.error(\`Codex Auto-Backup could not run, so NOTHING WAS BACKED UP: \${reason}.\`);
  console.error('Run "codex-backup link" again where it is installed now, or put the old script back by hand:');
  console.error('  mv scripts/codexAutoBackup.js.before-codex-backup scripts/codexAutoBackup.js');
  process.exitCode = 1;
}

handOver().catch((error) => fail(error.message));
`;
