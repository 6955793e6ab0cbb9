import { setTimeout } from 'node:timers/promises';
import { isIconHidden, type Rectangle } from './window-place.ts';

export interface IconPlaceOptions {
  /** As the system says; undefined where it says nothing. */
  readonly bounds: () => Rectangle | undefined;
  readonly displays: () => readonly Rectangle[];
  readonly waitMs: number;
}

const everyMs = 50;

/** Where the icon can be seen. A new one takes a moment to be drawn; undefined when it isn't there by then. */
export async function findIconPlace({ bounds, displays, waitMs }: IconPlaceOptions): Promise<Rectangle | undefined> {
  for (let waitedMs = 0; ; waitedMs += everyMs) {
    const place = bounds();
    if (place !== undefined && !isIconHidden(place, displays())) return place;
    if (waitedMs >= waitMs) return undefined;
    await setTimeout(everyMs);
  }
}
