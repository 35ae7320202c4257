/**
 * What the guard costs: the same schema and resolvers, guarded by a policy of 5,000 rules and not guarded, documents and
 * sides alternating, in three processes one after the other; and what others cost on the same rows. How to read it:
 * docs/performance.md.
 *
 *     npx tsx bench/guard.ts [rounds of each process, 200 by default] [--alone: without peers and memory]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { cases, trusted } from './guard/cases.ts';
import { buildServer, installPeers } from './guard/prepare.ts';
import { guardRow, isVoid, peerRows, renderGuard, renderMemory, renderPeers } from './guard/report.ts';
import { memorySchema, samplesSchema, type Samples } from './guard/samples.ts';
import { runChild } from './run-child.ts';

const alone = process.argv.includes('--alone');
const rounds = Number(process.argv[2] ?? 200);
const enough = 200;
const quick = rounds < 50;
const processes = quick ? 1 : 3;

const guardFile = (name: string): URL => new URL(`guard/${name}`, import.meta.url);

installPeers();
buildServer();
const samples: Samples[] = [];
for (let process = 0; process < processes; process += 1) {
  const peers = alone ? 'none' : process === 0 ? 'all' : 'quick ones';
  samples.push(await runChild(guardFile('measure.ts'), [rounds, peers], samplesSchema));
}

const rows = cases.map((each) => guardRow(each, samples));
const peers = cases.flatMap((each) => peerRows(each, samples));
const machine = { node: process.version, cpus: availableParallelism(), model: cpus()[0]?.model ?? '' };
const policy = samples[0]?.policy;
console.log(
  `${new Date().toISOString().slice(0, 10)}, Node ${machine.node}, ${machine.cpus} × ${machine.model}; ` +
    `${policy?.rules} rules, ${policy?.groups} groups, ${policy?.permissions} permissions, ${policy?.coordinates} coordinates\n`,
);
console.log(renderGuard(rows));
if (peers.length > 0)
  console.log(`\nThe share of the unguarded throughput that is kept (µs):\n\n${renderPeers(rows, peers)}`);

const sets = quick ? [100, 64] : [10_000, 64, 256];
const memory = alone ? [] : await runChild(guardFile('memory.ts'), sets, memorySchema);
if (!alone) console.log(`\nMemory of the tables:\n\n${renderMemory(memory)}`);

const untrusted = rows.filter(isVoid);
if (rounds < enough) console.log('\nToo few rounds: this shows only that it runs.');
else if (untrusted.length > 0)
  console.log(
    `\nVOID: the A/A ratio of ${untrusted.map((row) => row.case).join('; ')} is not within ` +
      `${trusted.least}–${trusted.most}. Nothing of this run counts: repeat it with nothing running beside it.`,
  );

await mkdir(new URL('results/', import.meta.url), { recursive: true });
const result = {
  at: new Date().toISOString(),
  machine,
  policy,
  void: rounds < enough || untrusted.length > 0,
  rows,
  peers,
  memory,
};
await writeFile(new URL('results/guard.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`);
