// npm start: the menubar app where there is an Electron, or one can be downloaded; else the panel in the browser.
import { join } from 'node:path';
import { appBuild, buildOnce, panelBuild } from './start/build.ts';
import { getElectron } from './start/get-electron.ts';
import { openSample } from './start/open-sample.ts';
import { panelParameters, planStart } from './start/plan-start.ts';
import { runProgram } from './start/run-program.ts';

const project = join(import.meta.dirname, '..');
const parameters = process.argv.slice(2);
const { env, platform } = process;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
/** An app that ends so early has not come up. */
const startedMs = 15_000;

process.exitCode = await start();

async function start(): Promise<number> {
  const plan = planStart({ platform, env, uid: process.getuid?.(), parameters });
  if (plan.kind === 'browser') return startPanel(plan.reason);
  const electron = await getElectron({ project, env, say });
  if ('reason' in electron) return startPanel(electron.reason);
  if (!buildOnce(appBuild, say)) return 1;
  const { code, ranMs, wasEnded } = await startApp(electron.binary);
  if (code === 0 || wasEnded || ranMs > startedMs) return code;
  return startPanel(`Electron could not start, and ended with ${code}`);
}

async function startApp(binary: string) {
  const isSample = parameters.includes('--sample');
  if (isSample) say('Making a sample Codex, and starting its services …');
  const sample = isSample ? await openSample(env) : undefined;
  try {
    say('Codex Auto-Backup is in the menu bar. Ctrl-C ends it.');
    const given = parameters.filter((parameter) => parameter !== '--sample');
    return await runProgram(binary, [project, ...given], sample?.env ?? env);
  } finally {
    await sample?.end();
  }
}

async function startPanel(reason: string): Promise<number> {
  say(`The panel opens in the browser: ${reason}.`);
  if (!buildOnce(panelBuild, say)) return 1;
  const script = join(project, 'bin', 'codex-backup.js');
  return (await runProgram(process.execPath, [script, 'panel', ...panelParameters(parameters)], env)).code;
}
