/**
 * Compares with stock casbin for as long as wanted, on every core: `npx tsx test/policy/oracle/run.ts 20000000 [seed]`.
 * Exit code 1 where anything differs.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import type { Result } from './compare-many.ts';
import { renderTally } from './render-tally.ts';
import { addTallies, emptyTally } from './tally.ts';

const decisions = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));
const processes = availableParallelism();
const started = performance.now();
const latest: Result[] = Array.from({ length: processes }, () => ({ tally: emptyTally(), reports: [] }));
const total = () => addTallies(latest.map(({ tally }) => tally));
const tell = (): void => console.log(renderTally(total(), seed, (performance.now() - started) / 1_000));

console.log(`${decisions} decisions in ${processes} processes, seed ${seed}`);
const progress = setInterval(tell, 10_000);
const codes = await Promise.all(
  latest.map(async (_, index) => {
    const share = [Math.ceil(decisions / processes), seed, index, processes].map(String);
    const child = fork(new URL('run-share.ts', import.meta.url), share, { execArgv: ['--import', 'tsx'] });
    child.on('message', (result) => (latest[index] = result as Result));
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  }),
);
clearInterval(progress);
for (const report of latest.flatMap(({ reports }) => reports)) console.log(report);
tell();
process.exitCode =
  codes.every((code) => code === 0) && total().differences === 0 && total().decisions >= decisions ? 0 : 1;
