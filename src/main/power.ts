import type { PowerMonitor, PowerSaveBlocker } from 'electron';
import { type AppView, runningRestore } from './app-view.ts';

export interface PowerOptions {
  readonly powerMonitor: PowerMonitor;
  readonly powerSaveBlocker: PowerSaveBlocker;
  readonly onChange: (listener: (view: AppView) => void) => void;
  /** Looks at once at what is due. */
  readonly wake: () => void;
  /** Ends the app as soon as the step that runs is safe. */
  readonly endSafely: () => void;
}

/** After sleep what is due is looked up, during a restore the machine stays awake, and a shutdown waits for a safe step. */
export function setUpPower({ powerMonitor, powerSaveBlocker, onChange, wake, endSafely }: PowerOptions): void {
  let blocker: number | undefined;
  powerMonitor.on('resume', wake);
  // Until this process has ended, the system waits.
  powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
    event?.preventDefault();
    endSafely();
  });
  onChange(({ jobs }) => {
    const isNeeded = runningRestore(jobs) !== undefined;
    if (isNeeded && blocker === undefined) blocker = powerSaveBlocker.start('prevent-app-suspension');
    else if (!isNeeded && blocker !== undefined) {
      powerSaveBlocker.stop(blocker);
      blocker = undefined;
    }
  });
}
