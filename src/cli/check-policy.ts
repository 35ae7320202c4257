import type { Settings } from '../config/settings.ts';
import { inspectPolicy, type OnStep } from '../doctor/inspect-policy.ts';
import type { Finding } from '../policy/finding.ts';
import { isMade } from '../store/is-made.ts';
import { openStore } from '../store/open-store.ts';
import { commandLog } from './command-log.ts';

/**
 * What the server would say of the policy files as they are now. Where there is a database, its groups and accounts are
 * known too; a new checkout in a build needs none.
 */
export async function checkPolicy(settings: Settings, onStep?: OnStep): Promise<readonly Finding[]> {
  const { databaseUrl, dataDir } = settings;
  if (!isMade(settings)) return (await inspectPolicy(settings, null, onStep)).findings;
  const store = await openStore({ databaseUrl, dataDir, log: commandLog, attach: true });
  try {
    return (await inspectPolicy(settings, store, onStep)).findings;
  } finally {
    await store.close();
  }
}
