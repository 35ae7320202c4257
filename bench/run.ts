/**
 * Every benchmark, one after the other, each in a process of its own. `npm run bench` measures; `npm run bench -- --quick`
 * only shows that each one runs. Each prints a table and writes JSON into bench/results/.
 */
import { spawnSync } from 'node:child_process';

const quick = process.argv.includes('--quick');
const benchmarks = [
  { file: 'guard.ts', rounds: quick ? 5 : 200 },
  { file: 'decisions.ts', rounds: quick ? 5 : 50, flags: quick ? ['--quick'] : [] },
  { file: 'requests.ts', rounds: quick ? 1 : 10 },
  { file: 'logins.ts', rounds: quick ? 1 : 10 },
  { file: 'provider-down.ts', rounds: quick ? 1 : 10 },
  { file: 'floods.ts', rounds: quick ? 1 : 5 },
  { file: 'workers.ts', rounds: quick ? 1 : 15 },
];

for (const { file, rounds, flags = [] } of benchmarks) {
  console.log(`\n${file}`);
  const { status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', new URL(file, import.meta.url).pathname, String(rounds), ...flags],
    { stdio: 'inherit' },
  );
  if (status !== 0) process.exit(1);
}
