import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { middle } from '../../soak/process-use.ts';
import type { AppDriver, AppHost } from '../driver/app-driver.ts';
import { createAppPlace } from './app-place.ts';
import { findWindow, shownWindow, untilReady } from './app-windows.ts';

/** What the app needs while nothing happens, and how long the panel takes to be there. */
export interface AppFigures {
  readonly host: string;
  /** From the click on the icon to the painted panel, when it has been open before: in the middle, and at worst. */
  readonly openMs: number;
  readonly openWorstMs: number;
  readonly mainCpuPercent: number;
  readonly engineCpuPercent: number;
  readonly mainBytes: number;
  readonly engineBytes: number;
  /** Of all processes, what they share counted once. */
  readonly allBytes: number;
}

const openings = 10;
/** The panel that hides takes the next click for its own. */
const betweenClicksMs = 300;

/** Measures on Linux. Watching is as usual: a look each minute. */
export async function measureApp(host: AppHost, restMs: number): Promise<AppFigures> {
  const place = await createAppPlace(host, { 'watch.intervalSeconds': 60 });
  try {
    await place.engine().run({ trigger: 'manual' });
    const app = await place.launch({ args: ['--hidden'] });
    await untilReady(app);
    const times = await measureOpenings(app);
    const [engine] = await app.desktop.utilities();
    const pids = { main: app.child.pid ?? 0, engine: engine?.pid ?? 0 };
    const before = { main: cpuMs(pids.main), engine: cpuMs(pids.engine) };
    await setTimeout(restMs);
    const percent = (name: 'main' | 'engine'): number => ((cpuMs(pids[name]) - before[name]) / restMs) * 100;
    const bytes = place.processes().map(memoryOf);
    return {
      host: host.name,
      openMs: middle(times),
      openWorstMs: Math.max(...times),
      mainCpuPercent: percent('main'),
      engineCpuPercent: percent('engine'),
      mainBytes: memoryOf(pids.main),
      engineBytes: memoryOf(pids.engine),
      allBytes: bytes.reduce((sum, one) => sum + one, 0),
    };
  } finally {
    await place.dispose();
  }
}

async function measureOpenings(app: AppDriver): Promise<readonly number[]> {
  await app.desktop.clickTray();
  const { page } = await shownWindow(app, 'panel');
  const times: number[] = [];
  for (let count = 0; count < openings; count += 1) {
    await app.desktop.clickTray();
    await setTimeout(betweenClicksMs);
    const begun = performance.now();
    await app.desktop.clickTray();
    // The second frame after it begins when the first has been painted.
    await page.evaluate('new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))');
    times.push(performance.now() - begun);
    if ((await findWindow(app, 'panel'))?.isVisible !== true) throw new Error('the click has shown the panel');
  }
  await app.desktop.clickTray();
  return times;
}

const ticksPerSecond = 100;

/** Processor time of a process so far. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1000;
}

function memoryOf(pid: number): number {
  // A process that has just ended holds nothing.
  if (!readdirSync('/proc').includes(String(pid))) return 0;
  const [, kilobytes] = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')) ?? [];
  return Number(kilobytes ?? 0) * 1024;
}
