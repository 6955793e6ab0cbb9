import { parseArgs } from 'node:util';
import { runSoak } from '../test/soak/run-soak.ts';

// `npm run soak [-- --seconds N]`: 30 minutes; the test suite runs 60 seconds of it. Exits with 1 when anything failed.
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '1800' } } });
const figures = await runSoak({ seconds: Number(values.seconds), onLine: (line) => console.log(line) });
console.log(JSON.stringify(figures, null, 2));
process.exitCode = figures.problems.length > 0 ? 1 : 0;
