/** A rectangle on the screen, in its points. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PanelPlace {
  /** Where the icon is; undefined where the system doesn't say. */
  readonly icon: Rectangle | undefined;
  readonly cursor: { readonly x: number; readonly y: number };
  /** The display with the icon, less its bars, its dock and the notch. */
  readonly workArea: Rectangle;
  readonly size: { readonly width: number; readonly height: number };
}

const gap = 4;

/** Beside the icon, on whichever edge of the display the bar with it is, and wholly on that display. */
export function planPanelPlace({ icon, cursor, workArea, size }: PanelPlace): Rectangle {
  const anchor = icon ?? { ...cursor, width: 0, height: 0 };
  const width = Math.min(size.width, workArea.width);
  const height = Math.min(size.height, workArea.height);
  const centre = { x: anchor.x + anchor.width / 2, y: anchor.y + anchor.height / 2 };
  const right = workArea.x + workArea.width;
  const bottom = workArea.y + workArea.height;
  const place = { x: centre.x - width / 2, y: centre.y - height / 2 };
  if (centre.x < workArea.x) place.x = workArea.x + gap;
  else if (centre.x > right) place.x = right - width - gap;
  else if (centre.y > bottom || (centre.y >= workArea.y && centre.y > workArea.y + workArea.height / 2)) {
    place.y = Math.min(bottom, anchor.y) - height - gap;
  } else place.y = Math.max(workArea.y, anchor.y + anchor.height) + gap;
  return {
    x: Math.round(clamp(place.x, workArea.x, right - width)),
    y: Math.round(clamp(place.y, workArea.y, bottom - height)),
    width: Math.round(width),
    height: Math.round(height),
  };
}

/** Whether an icon lies on no display, or has no size: the system hides it, as where a notch leaves no room. */
export function isIconHidden(icon: Rectangle, displays: readonly Rectangle[]): boolean {
  if (icon.width <= 0 || icon.height <= 0) return true;
  const x = icon.x + icon.width / 2;
  const y = icon.y + icon.height / 2;
  return !displays.some(
    (display) => x >= display.x && x < display.x + display.width && y >= display.y && y < display.y + display.height,
  );
}

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(value, most));
