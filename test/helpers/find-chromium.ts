import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

/** The headless shell first: without windows to draw, it takes half of the time of processors. */
const usualPlaces = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
] as const;

/** A Chromium of this computer: the one that CHROMIUM names, Playwright's own, Debian's, or Chrome. */
export function findChromium(): string {
  const candidates = [process.env['CHROMIUM'] ?? '', chromium.executablePath(), ...usualPlaces];
  const found = candidates.find((path) => path !== '' && existsSync(path));
  if (found === undefined)
    throw new Error('No Chromium was found. Install one, or name it: CHROMIUM=/path/to/chromium.');
  return found;
}
