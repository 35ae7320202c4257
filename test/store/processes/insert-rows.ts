/** Opens a data directory and inserts accounts until it is killed; every acknowledged one is told. */
import { systemClock } from '../../../src/core/clock.ts';
import { newId } from '../../../src/core/ids.ts';
import { silentLog } from '../../../src/core/log.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { userNamed } from '../rows.ts';

const store = await openStore({ databaseUrl: null, dataDir: process.argv[2] ?? '', log: silentLog });
for (;;) {
  const user = userNamed(`u${newId(systemClock)}`);
  await store.users.insert(user);
  process.send?.(user.id);
}
