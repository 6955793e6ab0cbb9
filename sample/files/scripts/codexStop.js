// Stops Codex OS: every process that holds one of its ports gets SIGKILL.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const ports = JSON.parse(readFileSync(join(root, 'codex-ports.json'), 'utf8'));

for (const [service, port] of Object.entries(ports)) {
  for (const pid of findHolders(port)) {
    if (pid === process.pid) continue;
    try {
      process.kill(pid, 'SIGKILL');
      console.log(`${service}: killed ${pid} on port ${port}`);
    } catch (error) {
      console.error(`${service}: could not kill ${pid}: ${error.message}`);
    }
  }
}

function findHolders(port) {
  try {
    const output = execFileSync('lsof', ['-t', '-i', `tcp:${port}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return output.split('\n').filter(Boolean).map(Number);
  } catch (error) {
    // lsof ends with 1 when nobody holds the port.
    return error.code === 'ENOENT' && existsSync('/proc/net/tcp') ? findHoldersInProc(port) : [];
  }
}

function findHoldersInProc(port) {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const sockets = new Set();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6'].filter(existsSync)) {
    for (const line of readFileSync(table, 'utf8').split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      const ends = [fields[1], fields[2]];
      if (ends.some((end) => end?.endsWith(`:${hex}`))) sockets.add(`socket:[${fields[9]}]`);
    }
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && holdsOne(name, sockets))
    .map(Number);
}

function holdsOne(pid, sockets) {
  const folder = `/proc/${pid}/fd`;
  return unlessGone(() => readdirSync(folder), []).some((fd) =>
    sockets.has(unlessGone(() => readlinkSync(join(folder, fd)), '')),
  );
}

function unlessGone(read, otherwise) {
  try {
    return read();
  } catch {
    return otherwise; // it ended or was closed meanwhile, or belongs to another user
  }
}
