// Draws the icons of assets/ from their SVG sources: node scripts/draw-icons.ts
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { findChromium } from '../test/helpers/find-chromium.ts';

const assets = join(import.meta.dirname, '../assets');
const states = ['protected', 'running', 'attention', 'unprotected', 'failed'] as const;
/** Where the filling of running.svg begins at each eighth of the way: on whole pixels, and inside the outline. */
const levels = [17, 14, 13, 11, 10, 8, 7, 6, 0] as const;
/** macOS colours template images (black and alpha) by itself; a Linux panel shows what it is given, and most are dark. */
const trays = [
  { folder: join(assets, 'tray'), suffix: 'Template', style: '', sizePx: 18 },
  { folder: join(assets, 'tray/linux'), suffix: '', style: 'filter:invert(95%)', sizePx: 22 },
] as const;
/** The sizes that a Linux desktop looks for, and macOS. */
const appIconSizesPx = [16, 32, 48, 64, 128, 256, 512, 1024] as const;
/** An .icns file holds PNGs, each under a name that says its size: at 1x, and those for 2x displays. */
const icnsEntries = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic11', 32],
  ['ic12', 64],
  ['ic13', 256],
  ['ic14', 512],
  ['ic10', 1024],
] as const;

interface Drawing {
  readonly svg: string;
  readonly style?: string;
  readonly sizePx: number;
  readonly file: string;
}

const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  for (const drawing of [...planTrayIcons(), ...planAppIcons()]) await draw(page, drawing);
  writeFileSync(join(assets, 'app/icon.icns'), composeIcns());
} finally {
  await browser.close();
}

function planTrayIcons(): readonly Drawing[] {
  const named = states.map((state) => [state, readSource(state)] as const);
  const running = readSource('running');
  const steps = levels.map((level, step) => {
    return [`running-${step}`, running.replace('id="level" y="9"', `id="level" y="${level}"`)] as const;
  });
  return [...named, ...steps].flatMap(([name, source]) =>
    trays.flatMap(({ folder, suffix, style, sizePx }) =>
      [1, 2].map((scale) => ({
        svg: source,
        style,
        sizePx: sizePx * scale,
        file: join(folder, `${name}${suffix}${scale === 1 ? '' : '@2x'}.png`),
      })),
    ),
  );
}

function planAppIcons(): readonly Drawing[] {
  const svg = readFileSync(join(assets, 'app/icon.svg'), 'utf8');
  return appIconSizesPx.map((sizePx) => ({ svg, sizePx, file: appIcon(sizePx) }));
}

function composeIcns(): Buffer {
  const entries = icnsEntries.map(([name, sizePx]) => icnsBlock(name, readFileSync(appIcon(sizePx))));
  return icnsBlock('icns', Buffer.concat(entries));
}

/** A name of four letters, the length of the whole block, and its content. */
function icnsBlock(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32BE(head.length + content.length, 4);
  return Buffer.concat([head, content]);
}

function appIcon(sizePx: number): string {
  return join(assets, 'app/icons', `${sizePx}x${sizePx}.png`);
}

function readSource(state: string): string {
  return readFileSync(join(assets, 'tray/source', `${state}.svg`), 'utf8');
}

async function draw(page: Page, { svg, style = '', sizePx, file }: Drawing): Promise<void> {
  await page.setViewportSize({ width: sizePx, height: sizePx });
  const sized = svg.replace('<svg ', `<svg width="${sizePx}" height="${sizePx}" style="display:block;${style}" `);
  await page.setContent(`<body style="margin:0">${sized}`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await page.screenshot({ omitBackground: true }));
}
