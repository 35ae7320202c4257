/**
 * What a decision of the library takes: beside one read of a `Map`, beside others, the first time, with a condition; and what
 * loading and changing a policy takes. Every part in a process of its own.
 *
 *     npx tsx bench/decisions.ts [pairs, 50 by default] [--quick: few pairs and small policies]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { bars } from './decisions/bars.ts';
import {
  growthOf,
  renderCache,
  renderChanges,
  renderCold,
  renderCondition,
  renderGrowth,
  renderLoad,
  renderPeers,
  renderWarm,
} from './decisions/report.ts';
import {
  runCache,
  runChanges,
  runCold,
  runCondition,
  runLoad,
  runPeers,
  runWarm,
  type Scope,
} from './decisions/runs.ts';
import { whole } from './decisions/verdict.ts';
import { buildServer, installPeers } from './guard/prepare.ts';

const parameters = process.argv.slice(2);
const enough = 50;
const fewPairs = 5;
const scope: Scope = {
  quick: parameters.includes('--quick'),
  pairs: Number(
    parameters.find((each) => /^\d+$/.test(each)) ?? (parameters.includes('--quick') ? fewPairs : enough),
  ),
};

installPeers();
buildServer();
const machine = { node: process.version, cpus: availableParallelism(), model: cpus()[0]?.model ?? '' };
console.log(
  `${new Date().toISOString().slice(0, 10)}, Node ${machine.node}, ${machine.cpus} × ${machine.model}`,
);

const say = (title: string, table: string, checksums: readonly number[]): void => {
  const checksum = checksums.reduce((sum, each) => sum + each, 0);
  console.log(`\n${title}:\n\n${table}\n\nChecksum: ${whole(checksum)}`);
};
const checksumsOf = (told: readonly { readonly compared: { readonly checksum: number } | null }[]) =>
  told.map(({ compared }) => compared?.checksum ?? 0);

const warm = await runWarm(scope);
const decisions = warm.flatMap(({ sizes }) => sizes);
say(
  'A decision beside one read of a Map with as many entries as there are users',
  renderWarm(warm),
  checksumsOf(decisions),
);
const growth = growthOf(warm);
if (growth.length > 0) console.log(`\nThe largest policy beside the smallest:\n\n${renderGrowth(growth)}`);

const peers = await runPeers(scope);
say('The same requests by others', renderPeers(peers), checksumsOf(peers.flatMap((size) => size.peers)));

const cold = await runCold(scope);
say(
  'The first decision on a subject, beside any decision of stock Casbin',
  renderCold(cold),
  checksumsOf(cold),
);

const cache = await runCache(scope);
say('More subjects than are kept', renderCache(cache), checksumsOf(cache));

const condition = await runCondition(scope);
say(
  'A condition on the object in the matcher, beside the same in JavaScript',
  renderCondition(condition),
  checksumsOf(condition),
);

const load = await runLoad(scope);
say(
  `Loading ${whole(load.rules)} rules and the memberships of ${whole(load.users)} users from files`,
  renderLoad(load),
  [...load.ours, ...load.stock, ...load.again].map(({ checksum }) => checksum),
);

const changes = await runChanges(scope);
say(`A change with ${whole(changes.rules)} rules loaded`, renderChanges(changes), [changes.checksum]);

if (scope.quick || scope.pairs < enough) console.log('\nToo few pairs: this shows only that it runs.');

await mkdir(new URL('results/', import.meta.url), { recursive: true });
const result = {
  at: new Date().toISOString(),
  machine,
  ...scope,
  bars,
  warm,
  peers,
  cold,
  cache,
  condition,
  load,
  changes,
};
await writeFile(new URL('results/decisions.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`);
