import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { recordPolicyChanges } from '../../src/audit/record-policy-changes.ts';
import type { PolicyEngine } from '../../src/policy/engine.ts';
import { noRows } from '../policy/fixture.ts';
import { setDesk, type Desk } from '../policy/engine/desk.ts';
import { openTestStore, type TestStore } from '../store/open-test-store.ts';
import { storeKinds } from '../store/store-kinds.ts';
import { allRows, openTrail, type Trail } from './open-trail.ts';

const rule = (coordinate: string): string => `p, group:superusers, ${coordinate}, *, allow\n`;

describe.each(storeKinds)('versions of the policy on the %s store', (kind) => {
  let opened: TestStore;
  let desk: Desk;
  let trail: Trail;
  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await opened.empty();
    desk = setDesk(rule('Query.users'));
    trail = openTrail(opened.store);
  });
  afterEach(async () => {
    await desk.clear();
    await trail.close();
  });

  const start = async (node = 'one'): Promise<PolicyEngine> => {
    const policy = await desk.open();
    await recordPolicyChanges({ policy, audit: trail, trail: opened.store.audit, node });
    return policy;
  };
  const recorded = async () => {
    await trail.written();
    const rows = await allRows(opened.store);
    return rows.map(({ event, subject, policyVersion, details }) => ({
      event,
      subject,
      policyVersion,
      details,
    }));
  };

  test('are recorded as they come to decide: at the first start, by an edit, by a grant, and never twice', async () => {
    const policy = await start();
    const versions = [policy.current().version];
    desk.write('rules.csv', rule('Query.notes'));
    await policy.reload();
    versions.push(policy.current().version);
    await policy.reload();
    const provenance = { kind: 'grant', id: '0190-7f3a', by: 'user:root', at: 0 } as const;
    const given = {
      subject: 'group:superusers',
      object: 'Query.note',
      action: '*',
      effect: 'allow',
      condition: null,
    };
    Object.assign(desk.grants, { epoch: 2, rows: { ...noRows, rules: [{ ...given, provenance }] } });
    await policy.atEpoch(2);
    versions.push(policy.current().version);
    expect(new Set(versions).size).toBe(3);
    expect(await recorded()).toEqual(
      versions.map((version, index) => ({
        event: 'policy.changed',
        subject: 'policy',
        policyVersion: version,
        details: {
          before: versions[index - 1] ?? null,
          source: 'files',
          epoch: index < 2 ? 1 : 2,
          node: 'one',
        },
      })),
    );
  });

  test('are recorded where they were edited while no server ran, and not where nothing has changed', async () => {
    const first = (await start()).current().version;
    await trail.written();
    await start();
    expect(await recorded()).toHaveLength(1);
    desk.write('rules.csv', rule('Query.notes'));
    const second = (await start('two')).current().version;
    expect((await recorded()).slice(1)).toMatchObject([
      { event: 'policy.changed', policyVersion: second, details: { before: first, node: 'two' } },
    ]);
  });

  test('that are refused are recorded with what is wrong, once for each edit, under the version that goes on deciding', async () => {
    const policy = await start();
    const { version } = policy.current();
    desk.write('rules.csv', 'p, group:superusers, Query.nothing, *, allow\n');
    await policy.reload();
    await policy.reload();
    desk.write('rules.csv', 'p, group:superusers\n');
    await policy.reload();
    const [, ...refused] = await recorded();
    expect(refused).toMatchObject([
      {
        event: 'policy.refused',
        subject: 'policy',
        policyVersion: version,
        details: { findings: [expect.stringContaining('rules.csv:1: error')], node: 'one' },
      },
      { event: 'policy.refused', policyVersion: version },
    ]);
    expect(refused[0]?.details['findings']).not.toEqual(refused[1]?.details['findings']);
    expect(trail.lines('policy.refused').map(({ level }) => level)).toEqual(['warn', 'warn']);
    desk.write('rules.csv', rule('Query.users'));
    await policy.reload();
    // Mended to what decided all along: nothing new decides. The same mistake again is news again.
    desk.write('rules.csv', 'p, group:superusers\n');
    await policy.reload();
    expect((await recorded()).map(({ event }) => event)).toEqual([
      'policy.changed',
      'policy.refused',
      'policy.refused',
      'policy.refused',
    ]);
  });

  test('a start on the last good policy is a refusal on record', async () => {
    const policy = await start();
    await trail.written();
    await policy.close();
    desk.write('rules.csv', 'p, group:superusers\n');
    await start();
    expect((await recorded()).slice(1)).toMatchObject([
      { event: 'policy.refused', policyVersion: policy.current().version },
    ]);
  });

  test('five hundred findings make one record of twenty', async () => {
    const policy = await start();
    desk.write('rules.csv', 'p, group:superusers, Query.nothing, *, allow\n'.repeat(500));
    await policy.reload();
    const refused = (await recorded()).at(-1);
    expect(refused?.details['findings']).toHaveLength(20);
    expect(refused?.details['more']).toBeGreaterThan(400);
  });
});
