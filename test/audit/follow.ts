import { followAudit } from '../../src/audit/follow-audit.ts';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import type { AuditRow } from '../../src/store/contract/audit.ts';
import type { Store } from '../../src/store/store.ts';

const asleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Options {
  readonly last?: number;
  readonly every?: number;
  readonly clock?: Clock;
}

/** Follows a trail, and keeps what it was shown. Resolves when the first look is over. */
export async function follow(trail: Pick<Store['audit'], 'list' | 'since'>, options: Options = {}) {
  const { last = 0, every = 20, clock = systemClock } = options;
  const stop = new AbortController();
  const shown: AuditRow[] = [];
  const outages: string[] = [];
  let looks = 0;
  const rows = followAudit({
    trail: {
      list: (...request) => trail.list(...request),
      async since(...request) {
        const page = await trail.since(...request);
        looks += 1;
        return page;
      },
    },
    last,
    every,
    onOutage: (state) => void outages.push(state),
    signal: stop.signal,
    clock,
  });
  const ended = (async () => {
    for await (const each of rows) shown.push(...each);
  })();
  while (looks === 0) await asleep(5);
  return {
    shown,
    outages,
    ids: () => shown.map(({ id }) => id),
    /** Until so many were shown; then until whatever would come a second time has had the time to. */
    async until(count: number) {
      while (shown.length < count) await asleep(10);
      const end = looks + 25;
      while (looks < end) await asleep(10);
    },
    async end() {
      stop.abort();
      await ended;
    },
  };
}
