import { spawnSync } from 'node:child_process';

/**
 * The command in whose name space of mounts a test can mount a file system; undefined where there is none. As root one
 * of mounts is enough; another user needs one of users with it.
 */
export function findNamespace(): readonly string[] | undefined {
  const ways = [
    ['unshare', '-m'],
    ['unshare', '-Urm'],
  ];
  return ways.find(([command = '', ...parameters]) => {
    const script = 'mkdir -p "$1" && mount -t tmpfs -o size=64k none "$1"';
    return spawnSync(command, [...parameters, 'sh', '-c', script, 'sh', '/tmp']).status === 0;
  });
}
