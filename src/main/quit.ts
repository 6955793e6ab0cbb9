import type { App } from 'electron';
import { type AppView, runningRestore } from './app-view.ts';
import type { EngineProcess } from './engine-process.ts';
import type { EngineFollower } from './follow-engine.ts';
import type { MainLog } from './log.ts';

export interface QuitOptions {
  readonly app: App;
  readonly follower: Pick<EngineFollower, 'view' | 'onChange'>;
  readonly engine: Pick<EngineProcess, 'end'>;
  readonly log: MainLog;
  /** Says that the app ends when the restore has; nothing may break one off. */
  readonly tellWaiting: () => void;
  /** Removes the icon. */
  readonly onEnd: () => void;
}

export interface Quit {
  /**
   * Ends the app as soon as what runs is safe: a snapshot is cancelled, a restore is waited for. One that can not be
   * recovered holds nobody: asked again, the app ends.
   */
  endSafely(): void;
}

/** How long a cancelled snapshot may take to remove what it has written. */
const endLimitMs = 20_000;

/** Also while the engine process, which was lost during a restore, has yet to finish it or roll it back. */
const isRestoring = ({ jobs, engineProblem, status }: AppView): boolean =>
  runningRestore(jobs) !== undefined || engineProblem !== null || (status?.interrupted.length ?? 0) > 0;

export function setUpQuit({ app, follower, engine, log, tellWaiting, onEnd }: QuitOptions): Quit {
  let state: 'running' | 'waiting' | 'ending' | 'ended' = 'running';
  const end = async (): Promise<void> => {
    state = 'ending';
    onEnd();
    await engine.end(endLimitMs);
    state = 'ended';
    log.info('The app ends.');
    app.quit();
  };
  const endSafely = (): void => {
    if (state === 'ending' || state === 'ended') return;
    if (runningRestore(follower.view().jobs) === undefined) {
      void end();
      return;
    }
    state = 'waiting';
    log.info('The app ends when the restore has ended.');
    tellWaiting();
  };
  app.on('before-quit', (event) => {
    if (state === 'ended') return;
    event.preventDefault();
    endSafely();
  });
  follower.onChange((view) => {
    if (state === 'waiting' && !isRestoring(view)) void end();
  });
  // The app lives in the menu bar.
  app.on('window-all-closed', () => undefined);
  return { endSafely };
}
