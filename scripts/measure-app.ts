import { parseArgs } from 'node:util';
import { formatBytes } from '../src/shared/format.ts';
import { listHosts } from '../test/e2e/driver/hosts.ts';
import { measureApp } from '../test/e2e/support/measure-app.ts';

// `npm run bench:app [-- --seconds N]`: the menubar app at rest, and how soon its panel is there, on every host that is
// here. Figures of the stand-in are those of Node and Chromium, not of Electron.
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '120' } } });
for (const host of listHosts()) {
  if ('reason' in host) {
    console.log(`Not measured: ${host.reason}.`);
    continue;
  }
  const figures = await measureApp(host, Number(values.seconds) * 1000);
  const rows = {
    'icon click to painted panel, opened before': `${figures.openMs.toFixed(0)} ms, at worst ${figures.openWorstMs.toFixed(0)} ms`,
    'main at rest': `${figures.mainCpuPercent.toFixed(2)} % of a core, ${formatBytes(figures.mainBytes)}`,
    'engine process at rest': `${figures.engineCpuPercent.toFixed(2)} % of a core, ${formatBytes(figures.engineBytes)}`,
    'all processes at rest': formatBytes(figures.allBytes),
  };
  console.log(`On ${figures.host}:`);
  for (const [name, value] of Object.entries(rows)) console.log(`  ${name.padEnd(44)} ${value}`);
}
