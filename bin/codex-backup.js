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
  const { runProgram } = await import('./run-program.js');
  await runProgram(async () => (await import('./open-program.js')).openProgram());
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

function reportCrash(error) {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
}
