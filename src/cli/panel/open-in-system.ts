import { spawn } from 'node:child_process';

/** Whether this process has a desktop to open things on: not over SSH, and on Linux only where there is a display. */
export function hasDesktop(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): boolean {
  if (isOverSsh(env)) return false;
  return platform === 'darwin' || Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY']);
}

const isOverSsh = (env: NodeJS.ProcessEnv): boolean => Boolean(env['SSH_CONNECTION']);

/** Opens an address in the browser, or a folder in the file manager. Resolves to false where that can't be done. */
export function openInSystem(target: string, parameters: readonly string[] = []): Promise<boolean> {
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  return new Promise((resolve) => {
    const child = spawn(program, [...parameters, target], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

/** Shows a folder, on macOS with it selected. */
export async function showInFolder(path: string): Promise<void> {
  await openInSystem(path, process.platform === 'darwin' ? ['-R'] : []);
}
