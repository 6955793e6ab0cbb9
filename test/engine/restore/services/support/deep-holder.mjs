// Has a folder open whose path is longer than the system can tell (PATH_MAX), under the folder named first.
// It takes the folders away again at once: no path leads there, and few programs could.
import { mkdirSync, openSync, rmdirSync } from 'node:fs';

const name = 'a'.repeat(250);
const depth = 20;
process.chdir(process.argv[2]);
for (let level = 0; level < depth; level += 1) {
  mkdirSync(name);
  process.chdir(name);
}
const fd = openSync('.');
for (let level = 0; level < depth; level += 1) {
  process.chdir('..');
  rmdirSync(name);
}
console.log(`open ${fd}`);
setInterval(() => console.log('still here'), 60_000);
