import type { Engine, Logger } from '../engine/index.ts';
import type { About } from '../shared/protocol/set-up-views.ts';

/** Which folders an engine works on; what is undefined is found as the design says. */
export interface EnginePlace {
  readonly root?: string | undefined;
  readonly backups?: string | undefined;
  /** App home. */
  readonly home?: string | undefined;
  /** Variables; else those of the process. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** A sample Codex that was made for the panel. */
export interface SampleCodex extends EnginePlace {
  readonly root: string;
  readonly isRunning: boolean;
  /** Why it doesn't run. */
  readonly problem: string | null;
}

/** What a shell gives to the host of its windows. */
export interface HostOptions {
  readonly createEngine: (place: EnginePlace) => Promise<Engine>;
  readonly place: EnginePlace;
  readonly about: Pick<About, 'version' | 'nodeVersion' | 'platform' | 'byteBase' | 'shell' | 'logFolder'>;
  readonly logger: Logger;
  readonly now: () => number;
  /** False: nobody watches here. */
  readonly watches: boolean;
  /** How often to ask whether other processes have changed something. */
  readonly pollMs?: number;
  readonly isSample?: boolean;
  /** What this shell can't do is undefined. */
  readonly makeSample?: (() => Promise<SampleCodex>) | undefined;
  readonly showInFolder?: ((path: string) => Promise<void>) | undefined;
  readonly openWindow?: (() => Promise<{ readonly href: string }>) | undefined;
  readonly opensDialog?: boolean;
}
