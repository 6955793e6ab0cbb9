import { systemErrorCode } from '../shared/app-error.ts';
import type { PanelHost } from './create-host.ts';

export interface EndWithMainOptions {
  readonly mainPid: number;
  readonly host: Pick<PanelHost, 'close'>;
  readonly exit: () => void;
  readonly everyMs?: number;
  readonly closeMs?: number;
}

/** Nobody may be left working when main has crashed: what runs is cancelled, and after 2 s broken off, as a crash is. */
export function endWithMain({ mainPid, host, exit, everyMs = 1000, closeMs = 2000 }: EndWithMainOptions): () => void {
  const timer = setInterval(() => {
    if (isAlive(mainPid)) return;
    clearInterval(timer);
    setTimeout(exit, closeMs);
    void host.close().finally(exit);
  }, everyMs);
  return () => clearInterval(timer);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}
