/**
 * The server that bench/requests.ts asks, in a process of its own. It logs as it does by default, and whoever forks it throws
 * the lines away.
 */
import { openBenchServer } from './open-server.ts';
import { tellProcessorTime } from './requests-processor-time.ts';

const { usernames, port, metricsPort, stop } = await openBenchServer(
  'bench',
  Number(process.env['BENCH_PEOPLE'] ?? 20),
);
tellProcessorTime();
process.on('message', (message) => {
  if (message === 'stop') void stop().then(() => process.exit());
});
const kept = (process.env['REDIS_URL'] ?? '') === '' ? 'database' : 'Redis';
process.send?.({ port, metricsPort, username: usernames[0], kept });
