/** Records until it is killed; tells each number up to which everything has been written. */
import { createAudit } from '../../../src/audit/create-audit.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { silentLog } from '../../../src/core/log.ts';
import { Secret } from '../../../src/core/secret.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { failure } from '../open-trail.ts';

const [url = '', dataDir = '', start = '0'] = process.argv.slice(2);
const store = await openStore({ databaseUrl: url === '' ? null : new Secret(url), dataDir, log: silentLog });
const audit = createAudit({ store, settings: { queue: 10_000 }, clock: systemClock, log: silentLog });
for (let next = Number(start); ;) {
  for (const end = next + 300; next < end; next += 1) audit.record(failure(next));
  while (audit.status().queued > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  process.send?.(next);
}
