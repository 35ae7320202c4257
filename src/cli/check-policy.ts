import type { Settings } from '../config/settings.ts';
import { buildSchema, declare } from '../foundation.ts';
import type { Finding } from '../policy/finding.ts';
import { loadPolicy } from '../policy/files/load-policy.ts';
import { readFolders } from '../policy/read-folders.ts';

/** What the server would say of the policy files as they are now. Needs no database. */
export async function checkPolicy(settings: Settings): Promise<readonly Finding[]> {
  const noGrants = { rules: [], memberships: [], coverage: [] };
  const production = settings.mode === 'production';
  const { files, findings } = await readFolders(settings.policyFolders, { production, settleMs: 50 });
  if (findings.length > 0) return findings;
  return loadPolicy(files, declare(settings, buildSchema(settings)), noGrants, { production }).findings;
}
