import { hostname, userInfo } from 'node:os';

/** What to type on the computer that one sits at, so that the panel opens there: the same port on both sides. */
export function sshLine(env: NodeJS.ProcessEnv, port: number): string | undefined {
  const connection = env['SSH_CONNECTION'];
  if (connection === undefined || connection === '') return undefined;
  // "client-address client-port server-address server-port", as sshd sets it.
  const [, , address = hostname(), sshPort = '22'] = connection.split(' ');
  const portOption = sshPort === '22' ? '' : `-p ${sshPort} `;
  return `ssh ${portOption}-N -L ${port}:127.0.0.1:${port} ${userInfo().username}@${address}`;
}
