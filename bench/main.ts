import { parseBenchOptions } from './bench-options.ts';
import { findPeers, peerNames } from './peers/find-peers.ts';
import { describeMachine } from './report/describe-machine.ts';
import { formatTable } from './report/table.ts';
import { writeResults } from './report/write-results.ts';
import type { Finding, Row } from './row.ts';
import { rows } from './row-list.ts';
import { createWorkspace } from './workspace.ts';

const usage = `npm run bench -- [--only ROW[,ROW…]] [--rounds N] [--keep]

Rows:
${rows.map(({ name, describe }) => `  ${name.padEnd(20)} ${describe}`).join('\n')}
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const options = parseBenchOptions(
    process.argv.slice(2),
    rows.map(({ name }) => name),
  );
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const startedAt = new Date();
  const machine = describeMachine();
  const peers = findPeers();
  const missing = peerNames.filter((name) => !peers.has(name));
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.loadAverage.join(' ')}`);
  console.log(`Peers: ${[...peers.values()].join(', ')}`);
  if (missing.length > 0) console.log(`Not installed, so not measured: ${missing.join(', ')}`);
  const workspace = createWorkspace();
  const findings: (Finding & { readonly row: string })[] = [];
  const failures: { readonly row: string; readonly message: string }[] = [];
  const measure = async (row: Row): Promise<void> => {
    process.stderr.write(`${row.name} … `);
    const start = performance.now();
    try {
      const measured = await row.measure({ workspace, peers, rounds: options.rounds });
      findings.push(...measured.map((finding) => ({ row: row.name, ...finding })));
    } catch (error) {
      failures.push({
        row: row.name,
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
    process.stderr.write(`${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  };
  try {
    for (const row of rows) if (options.only.length === 0 || options.only.includes(row.name)) await measure(row);
  } finally {
    if (options.keep) console.log(`Working folder: ${workspace.folder}`);
    else workspace.dispose();
  }
  console.log(`\n${formatTable(findings)}\n`);
  for (const { row, message } of failures) console.log(`${row} could not be measured: ${message}\n`);
  const file = writeResults({ startedAt, machine, peers, rounds: options.rounds, findings, failures });
  console.log(`Written to ${file}`);
  return failures.length > 0 ? 1 : 0;
}
