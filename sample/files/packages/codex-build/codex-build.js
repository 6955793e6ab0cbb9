#!/usr/bin/env node
// Builds the package in the working folder: checks the syntax of every source and lays src/ out as dist/.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const source = resolve('src');
const target = resolve('dist');

if (!existsSync(join(source, 'index.js'))) fail(`codex-build: there is no src/index.js in ${process.cwd()}`);

for (const name of readdirSync(source, { recursive: true })) {
  if (!name.endsWith('.js')) continue;
  const check = spawnSync(process.execPath, ['--check', join(source, name)], { encoding: 'utf8' });
  if (check.status !== 0) fail(`${check.stderr.trim()}\ncodex-build: src/${name} does not compile`);
}

rmSync(`${target}.new`, { recursive: true, force: true });
cpSync(source, `${target}.new`, { recursive: true });
rmSync(target, { recursive: true, force: true });
renameSync(`${target}.new`, target);
console.log('codex-build: dist is ready');

function fail(message) {
  console.error(message);
  process.exit(1);
}
