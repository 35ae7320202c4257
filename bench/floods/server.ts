/**
 * The server that bench/floods.ts asks: a whole one, built, in a process of its own, with 5,000 rules. It tells the delays
 * of its event loop, and puts people into groups as it is told. Needs --expose-gc.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openBenchServer } from '../open-server.ts';
import { floodGroup, writeFloodPolicy } from './policy.ts';

export interface Ready {
  readonly port: number;
  readonly metricsPort: number;
  readonly usernames: readonly string[];
}

export interface Membership {
  readonly username: string;
  readonly group: number;
  readonly is: boolean;
}

/** What the parent asks for: the delays since it asked last; or people in groups, or out of them. */
export type Wish =
  | { readonly kind: 'read' }
  | { readonly kind: 'members'; readonly members: readonly Membership[] }
  | { readonly kind: 'stop' };

/** Delays in milliseconds, processor time in milliseconds since the last reading, memory in MiB. */
export interface Reading {
  readonly processor: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly heap: number;
  readonly resident: number;
}

const { accounts, operator, usernames, port, metricsPort, stop } = await openBenchServer(
  'flood',
  21,
  writeFloodPolicy,
);

const mebibyte = 1024 * 1024;
const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
let used = process.cpuUsage();
function read(): Reading {
  const { user, system } = process.cpuUsage(used);
  const milliseconds = (nanoseconds: number): number => nanoseconds / 1e6;
  const { max } = delays;
  const [p50, p99] = [delays.percentile(50), delays.percentile(99)].map(milliseconds);
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  delays.reset();
  used = process.cpuUsage();
  return {
    processor: (user + system) / 1_000,
    p50: p50 ?? NaN,
    p99: p99 ?? NaN,
    max: milliseconds(max),
    heap: heapUsed / mebibyte,
    resident: rss / mebibyte,
  };
}

function change({ username, group, is }: Membership): Promise<boolean> {
  const member = `user:${username}`;
  return is
    ? accounts.addToGroup(floodGroup(group), member, operator)
    : accounts.removeFromGroup(floodGroup(group), member, operator);
}

/** One after the other: at once they would wait for each other, and hold every connection meanwhile. */
async function changeAll(members: readonly Membership[]): Promise<void> {
  for (const membership of members) await change(membership);
}

process.on('disconnect', () => process.exit(1));
process.on('message', (wish: Wish) => {
  if (wish.kind === 'stop') void stop().then(() => process.exit());
  else if (wish.kind === 'read') process.send?.(read());
  else {
    void changeAll(wish.members).then(() => process.send?.({}));
  }
});
process.send?.({ port, metricsPort, usernames } satisfies Ready);
