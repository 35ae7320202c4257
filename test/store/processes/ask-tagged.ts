/** Asks tagged queries of a store that another process has open too; tells how many answers were somebody else's. */
import { silentLog } from '../../../src/core/log.ts';
import { Secret } from '../../../src/core/secret.ts';
import { askTagged } from '../ask-tagged.ts';

const [url = '', dataDir = '', tag = '', count = '0'] = process.argv.slice(2);
process.send?.(
  await askTagged(
    { databaseUrl: url === '' ? null : new Secret(url), dataDir, log: silentLog },
    tag,
    Number(count),
  ),
);
process.disconnect();
