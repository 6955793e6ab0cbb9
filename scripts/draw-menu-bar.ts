import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const icon = join(import.meta.dirname, '../assets/tray/protectedTemplate@2x.png');

const themes = {
  light: {
    wall: '#c9d6e6, #93a9c6',
    bar: 'rgb(246 248 251 / 72%)',
    ink: '#1d1d1f',
    pressed: 'rgb(0 0 0 / 12%)',
    edge: 'rgb(0 0 0 / 30%)',
  },
  dark: {
    wall: '#2b3a52, #121a29',
    bar: 'rgb(20 26 38 / 62%)',
    ink: '#f5f5f7',
    pressed: 'rgb(255 255 255 / 18%)',
    edge: 'rgb(255 255 255 / 22%)',
  },
} as const;

/** Size of the picture. The panel has its own size in it, 380 by 600. */
const width = 620;
const height = 660;

/** Takes a picture of the panel as it hangs under its icon: a drawn menu bar, the real icon, a real picture of the panel. */
export async function takeMenuBar(page: Page, panel: string, theme: keyof typeof themes, path: string): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.setContent(composePage(theme, dataUrl(panel), dataUrl(icon)));
  await page.screenshot({ path, omitBackground: true });
}

function composePage(theme: keyof typeof themes, panel: string, glyph: string): string {
  const { wall, bar, ink, pressed, edge } = themes[theme];
  return `<style>
    body { margin: 0; font: 13px/24px -apple-system, Inter, system-ui, sans-serif; color: ${ink}; }
    main { position: relative; height: ${height}px; border-radius: 12px; overflow: hidden;
      background: linear-gradient(160deg, ${wall}); }
    header { position: absolute; inset: 0 0 auto; height: 28px; display: flex; align-items: center; gap: 17px;
      padding: 2px 14px; box-sizing: border-box; justify-content: flex-end; background: ${bar}; font-weight: 500; }
    .ours { position: absolute; left: ${width / 2 - 17}px; width: 34px; height: 22px; border-radius: 5px;
      background: ${pressed}; display: grid; place-items: center; }
    .ours i { width: 18px; height: 18px; background: ${ink}; mask: url(${glyph}) 0 0 / 18px; }
    svg { width: 18px; height: 18px; stroke: ${ink}; fill: none; stroke-width: 1.4; stroke-linecap: round; }
    .solid { fill: ${ink}; stroke: none; }
    img { position: absolute; top: 36px; left: ${(width - 380) / 2}px; width: 380px; height: 600px;
      border-radius: 12px; box-shadow: 0 0 0 .5px ${edge}, 0 18px 44px rgb(0 0 0 / 32%); }
  </style>
  <main>
    <header>
      <span class="ours"><i></i></span>
      <svg viewBox="0 0 18 18"><path d="M1.8 7a10.4 10.4 0 0 1 14.4 0M4.3 9.9a6.8 6.8 0 0 1 9.4 0"/>
        <path class="solid" d="m9 15.2-2.6-2.8a3.7 3.7 0 0 1 5.2 0Z"/></svg>
      <svg viewBox="0 0 18 18"><rect x="1" y="5" width="14" height="8" rx="2.2"/><path d="M16.7 7.8v2.4"/>
        <rect class="solid" x="2.6" y="6.6" width="8.6" height="4.8" rx="1"/></svg>
      <svg viewBox="0 0 18 18"><circle cx="7.8" cy="7.8" r="4.6"/><path d="m11.3 11.3 4 4"/></svg>
      <span>${clock(new Date())}</span>
    </header>
    <img src="${panel}">
  </main>`;
}

function clock(now: Date): string {
  const day = now.toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' }).replace(',', '');
  return `${day}&ensp;${now.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`;
}

const dataUrl = (file: string): string => `data:image/png;base64,${readFileSync(file, 'base64')}`;
