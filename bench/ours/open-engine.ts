import { createEngine, type Engine } from '../../src/engine/index.ts';
import type { Place } from './whole-command.ts';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** An engine in this process, as the panel and the watcher have one. */
export function openEngine(place: Place): Engine {
  return createEngine({ ...place, logger: silent });
}
