import { createRequire } from 'node:module';
import { recordDesktop } from '../e2e/driver/desktop.ts';
import { app } from './app.ts';
import { host } from './host.ts';

/** What a test asks of this process, by the channel that it was started with. */
export interface Asked {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

export type Told =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly reason: string };

/** Records what the app does to the desktop, and answers tests. The app ends with the test that has started it. */
export function listenToTests(): void {
  const send = process.send?.bind(process);
  const options = JSON.parse(process.env['CODEX_BACKUP_DESKTOP'] ?? '{}');
  delete process.env['CODEX_BACKUP_DESKTOP'];
  const desktop = recordDesktop(createRequire(import.meta.url)('electron'), options);
  const functions = new Map<string, (...args: never[]) => unknown>(Object.entries(desktop));
  functions.set('pageOf', pageOf);
  app.on('quit-chosen', () => app.quit());
  if (send === undefined) return;
  const answer = async ({ id, name, args }: Asked): Promise<Told> => {
    try {
      const asked = functions.get(name) as ((...args: readonly unknown[]) => unknown) | undefined;
      if (asked === undefined) throw new Error(`Nothing is called ${name}.`);
      return { id, ok: true, value: await asked(...args) };
    } catch (error) {
      return { id, ok: false, reason: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
  process.on('message', (asked: Asked) => void answer(asked).then((told) => send(told)));
  process.on('disconnect', () => app.exit(0));
  Object.defineProperty(process, 'send', { value: undefined });
}

/** Where Playwright finds the page of a window. */
async function pageOf(windowId: number): Promise<{ readonly endpoint: string; readonly targetId: string }> {
  const window = [...host.windows].find(({ id }) => id === windowId);
  if (window === undefined) throw new Error(`There is no window ${windowId}.`);
  const [chromium, { targetId }] = await Promise.all([host.chromium, window.contents.page]);
  return { endpoint: chromium?.endpoint ?? '', targetId };
}
