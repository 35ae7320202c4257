import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/core/clock.ts';
import { type Log, silentLog } from '../../src/core/log.ts';
import type { Declarations } from '../../src/policy/declarations.ts';
import type { PolicyEngine } from '../../src/policy/engine.ts';
import { openPolicyEngine } from '../../src/policy/open-engine.ts';
import type { Store } from '../../src/store/store.ts';

const shipped = new URL('../../policies/', import.meta.url);

/** The shipped model and built-in rows, and these, without any grants. */
export async function openPolicy(needs: {
  readonly store: Pick<Store, 'groups'>;
  readonly rows: readonly string[];
  readonly declarations: Declarations;
  readonly clock: Clock;
  readonly log?: Log;
}): Promise<PolicyEngine> {
  const { store, rows, declarations, clock, log = silentLog } = needs;
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-test-policy-'));
  for (const file of ['model.conf', 'builtin.csv']) copyFileSync(new URL(file, shipped), join(folder, file));
  writeFileSync(join(folder, 'test.csv'), `${rows.join('\n')}\n`);
  const engine = await openPolicyEngine({
    folders: [folder],
    lastGoodFile: null,
    production: true,
    declarations,
    grants: {
      load: async () => ({
        epoch: await store.groups.epoch(),
        rows: { rules: [], memberships: [], coverage: [] },
      }),
    },
    watch: false,
    clock,
    log,
  });
  return {
    ...engine,
    close: async () => {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
