import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Accounts } from '../../src/accounts/accounts.ts';
import { createAccounts } from '../../src/accounts/create-accounts.ts';
import { grantsOf } from '../../src/accounts/grants-of.ts';
import type { Hasher } from '../../src/accounts/hashing/hasher.ts';
import { createSetup, type Setup } from '../../src/accounts/setup.ts';
import type { Audit } from '../../src/audit/audit.ts';
import { createAudit } from '../../src/audit/create-audit.ts';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { type Log, silentLog } from '../../src/core/log.ts';
import type { Declarations } from '../../src/policy/declarations.ts';
import type { PolicyEngine } from '../../src/policy/engine.ts';
import { openPolicyEngine } from '../../src/policy/open-engine.ts';
import type { Store } from '../../src/store/store.ts';
import { declarations as sample } from '../policy/fixture.ts';
import { cheapHasher } from './cheap-hasher.ts';

/** The accounts as one process has them: with a policy engine and a trail of its own, over a store that others share. */
export interface Office {
  readonly accounts: Accounts;
  readonly setup: Setup;
  readonly policy: PolicyEngine;
  readonly audit: Audit;
  /** Replaces the rows of the test's policy file. */
  writePolicy(rows: string): Promise<void>;
  close(): Promise<void>;
}

export interface OfficeOptions {
  readonly store: Store;
  /** Beside the shipped model and built-in rows. */
  readonly rows?: string;
  readonly declarations?: Declarations;
  readonly hasher?: Hasher;
  readonly clock?: Clock;
  readonly log?: Log;
}

const shipped = new URL('../../policies/', import.meta.url);

export async function openOffice({
  store,
  rows = '',
  declarations = sample,
  hasher = cheapHasher(),
  clock = systemClock,
  log = silentLog,
}: OfficeOptions): Promise<Office> {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-test-accounts-'));
  for (const file of ['model.conf', 'builtin.csv']) copyFileSync(new URL(file, shipped), join(folder, file));
  writeFileSync(join(folder, 'rules.csv'), rows);
  const policy = await openPolicyEngine({
    folders: [folder],
    lastGoodFile: null,
    production: true,
    declarations,
    grants: grantsOf(store),
    watch: false,
    settleMs: 1,
    clock,
    log,
  });
  const audit = createAudit({ store, settings: { queue: 10_000 }, clock, log });
  const { attributes } = declarations;
  const needs = { store, policy, audit, hasher, attributes, minLength: 12, clock, log };
  return {
    accounts: createAccounts(needs),
    setup: createSetup(needs),
    policy,
    audit,
    async writePolicy(text) {
      writeFileSync(join(folder, 'rules.csv'), text);
      const { refusal } = await policy.reload();
      if (refusal.length > 0) throw new Error(JSON.stringify(refusal));
    },
    async close() {
      await audit.close();
      await policy.close();
      await hasher.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
