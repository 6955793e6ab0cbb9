#!/usr/bin/env node
// The launcher. It has to parse on any Node back to 12, so that an old one is told what it lacks: nothing is imported
// before the version is known, and there is no syntax here that is newer (no `?.`, `??` or top-level await).

const oldestNode = [22, 14];
const stripTypes = '--experimental-strip-types';

if (isTooOld(process.versions.node)) {
  process.stderr.write(
    `codex-backup needs Node 22.14 or later; this is Node ${process.versions.node}. ` +
      'Install a newer Node, or run it through npm (npm run -s codex-backup -- ...).\n',
  );
  process.exitCode = 2;
} else if (process.features.typescript || process.execArgv.includes(stripTypes)) {
  run().catch(reportCrash);
} else {
  runWithTypeStripping().catch(reportCrash);
}

function isTooOld(version) {
  const [major, minor] = version.split('.').map(Number);
  return major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
}

async function run() {
  await enableCompileCache();
  const { openProgram } = await import('./open-program.js');
  const { main, prepareNext } = await openProgram();
  process.once('exit', reportUnfinished);
  process.exitCode = await main(process.argv.slice(2));
  process.removeListener('exit', reportUnfinished);
  // The work is done and its exit code is known: a Ctrl-C comes too late to make it look cancelled.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
  await prepareNext();
}

/**
 * Compiled modules are kept from run to run: 40 TypeScript modules load in 0.03 s instead of 0.15 s. In the app home,
 * because what lies in Node's own place, a folder under /tmp, could have been put there by another user.
 */
async function enableCompileCache() {
  const { mkdirSync } = await import('node:fs');
  const { enableCompileCache: enable } = await import('node:module');
  const folder = await compileCacheFolder();
  try {
    // Made here, because Node would make the app home readable by everyone.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    return; // A slower start is all that is lost; whoever needs the app home reports what is wrong with it.
  }
  enable(folder);
}

/** The rule of src/engine/platform/app-home.ts, which would have to be compiled first; a test compares the two. */
async function compileCacheFolder() {
  const { homedir } = await import('node:os');
  const { join } = await import('node:path');
  const { CODEX_BACKUP_HOME: named, XDG_DATA_HOME: data = join(homedir(), '.local', 'share') } = process.env;
  const forMac = join(homedir(), 'Library', 'Application Support', 'Codex Auto-Backup');
  const home = named || (process.platform === 'darwin' ? forMac : join(data, 'codex-auto-backup'));
  return join(home, 'cache', 'compile');
}

/** Node 22.14 to 22.17 read TypeScript only when told to. Arguments, streams, signals and the exit code pass through. */
async function runWithTypeStripping() {
  const { spawn } = await import('node:child_process');
  const flags = [stripTypes, '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, ...process.argv.slice(1)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to the child itself; passing it on as well would make it a second one.
  const passOnInterrupt = () => process.stdin.isTTY || child.kill('SIGINT');
  process.on('SIGINT', passOnInterrupt);
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => child.kill(signal));
  child.on('error', reportCrash);
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code;
      return;
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** Node ends a process that waits for nothing, with 0, whatever was promised: that must never look like success. */
function reportUnfinished(code) {
  if (code !== 0) return;
  process.stderr.write('codex-backup ended before its work was done. This is a defect of it; please report it.\n');
  process.exitCode = 1;
}

function reportCrash(error) {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
}
