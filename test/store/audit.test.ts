import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AuditFilter, AuditRow } from '../../src/store/contract/audit.ts';
import { purgeBatch } from '../../src/store/contract/page.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { at, recordAt, userNamed } from './rows.ts';

const [ann, bob] = [userNamed('ann').id, userNamed('bob').id];
const page = { after: null, limit: 100 };

describe.each(storeKinds)('audit records of the %s store', (kind) => {
  let opened: TestStore;
  const audit = () => opened.store.audit;
  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(() => opened.empty());

  const full = recordAt(at, {
    subject: 'user:ann',
    actorId: ann,
    accountId: bob,
    authenticator: 'password',
    sessionId: 's-1',
    requestId: 'r-1',
    address: '192.0.2.7',
    userAgent: 'Browser "1.0" é 🦊',
    policyVersion: 'abcdef',
    count: 3,
    details: {
      coordinate: 'User.email',
      rules: ['groups.csv:14'],
      nested: { quote: `'";--\\{}` },
      none: null,
    },
  });

  test('a record comes back as it went in', async () => {
    const sparse = recordAt(at + 1);
    await audit().append([full, sparse]);
    expect(await audit().list({}, page)).toEqual([sparse, full]);
    expect(await audit().since(null, 9)).toEqual([full, sparse]);
    await audit().append([]);
  });

  test('a batch that is sent again changes nothing and adds what is new', async () => {
    await audit().append([full]);
    const next = recordAt(at + 1);
    await audit().append([{ ...full, event: 'login.failed' }, next, next]);
    expect(await audit().since(null, 9)).toEqual([full, next]);
  });

  test('a batch is kept whole or not at all, however many statements it takes', async () => {
    const rows = Array.from({ length: 1_001 }, (_, n) => recordAt(at + n, { details: { n } }));
    const broken = [...rows.slice(0, 1_000), { ...rows[1_000]!, id: 'no id' }];
    await expect(audit().append(broken)).rejects.toThrow();
    expect(await audit().since(null, 1)).toEqual([]);
    await audit().append(rows);
    expect(await audit().since(null, 2_000)).toEqual(rows);
  });

  test('long records go in several statements: no message is longer than the embedded database takes', async () => {
    const long = { userAgent: 'x'.repeat(500), details: { text: '\u0001'.repeat(2_500) } };
    const rows = Array.from({ length: 1_500 }, (_, n) => recordAt(at + n, long));
    await audit().append(rows);
    expect(await audit().since(rows[1_498]!.id, 9)).toEqual([rows[1_499]]);
  });

  test('C70: no value of a stranger’s makes a batch fail, and control characters stay data', async () => {
    const hostile: Partial<AuditRow>[] = [
      { subject: 'user:\0', userAgent: 'a\0b\r\nfake: line\u001b[31m' },
      { userAgent: '\ud800', requestId: `{"},(NULL)\\`, address: "');DROP TABLE users;--" },
      { details: { 'k\0': '\ud800', deep: [{ text: '\0\\u0000' }] } },
      { details: JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)) as Record<string, unknown> },
      { details: { text: 'x'.repeat(50_000_000) } },
      { accountId: "x' OR true", actorId: '', subject: 's'.repeat(50_000), event: '🦊'.repeat(5_000) },
      { userAgent: 'NULL', sessionId: '', authenticator: '"', policyVersion: '\\N' },
    ];
    const rows = hostile.map((more, n) => recordAt(at + n, more));
    await audit().append(rows);
    const kept = await audit().since(null, 100);
    expect(kept.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    expect(kept[0]).toMatchObject({ subject: 'user:\ufffd', userAgent: 'a\ufffdb\r\nfake: line\u001b[31m' });
    expect(kept[1]).toEqual({ ...rows[1], userAgent: '\ufffd' });
    expect(kept[2]?.details).toEqual({ 'k\ufffd': '\ufffd', deep: [{ text: '\ufffd\\u0000' }] });
    expect(kept[3]?.details).toEqual({ omitted: expect.stringContaining('too deep') });
    expect(kept[4]?.details).toEqual({ omitted: expect.stringContaining('characters') });
    expect(kept[5]).toMatchObject({ accountId: null, actorId: null, subject: 's'.repeat(500) });
    expect(kept[6]).toEqual(rows[6]);
  });

  describe('with records of several people and days', () => {
    const rows: AuditRow[] = [
      recordAt(at + 10, { event: 'login.failed', subject: 'anonymous', accountId: ann }),
      recordAt(at + 20, { event: 'login.succeeded', subject: 'user:ann', actorId: ann, accountId: ann }),
      recordAt(at + 30, { event: 'loginx.y', subject: 'user:bob', actorId: bob }),
      recordAt(at + 40, { event: 'login', subject: 'user:bob', actorId: bob, accountId: ann }),
      recordAt(at + 50, { event: 'account.renamed', subject: 'user:root', accountId: bob }),
      recordAt(at + 60, { event: 'logout', subject: 'user:ann', actorId: ann }),
    ];
    beforeEach(() => audit().append(rows));

    test.each<[string, AuditFilter, number[]]>([
      ['everything', {}, [60, 50, 40, 30, 20, 10]],
      ['what somebody did or was done to them, each once', { about: ann }, [60, 40, 20, 10]],
      ['of nobody nothing', { about: userNamed('x').id }, []],
      ['by what is no id nothing', { about: "x' OR true" }, []],
      ['an event by its whole name', { event: 'login.failed' }, [10]],
      ['all events of a first word, and no longer word', { event: 'login.' }, [20, 10]],
      ['a first word without its dot is a whole name', { event: 'login' }, [40]],
      ['no event by wildcards', { event: 'login%' }, []],
      ['no event by a character that none has', { event: 'login\0.' }, []],
      ['what a subject did', { subject: 'user:bob' }, [40, 30]],
      ['from a time on, that time included', { from: at + 40 }, [60, 50, 40]],
      ['until a time, that time not included', { until: at + 30 }, [20, 10]],
      ['between two times', { from: at + 20, until: at + 40 }, [30, 20]],
      ['between two times that meet, nothing', { from: at + 20, until: at + 20 }, []],
      ['all conditions together', { about: ann, event: 'login.', from: at + 15, subject: 'user:ann' }, [20]],
      ['somebody within a time', { about: ann, until: at + 40 }, [20, 10]],
    ])('finds %s', async (_what, filter, times) => {
      expect((await audit().list(filter, page)).map((row) => row.at - at)).toEqual(times);
    });

    test.each<AuditFilter>([{}, { about: ann }])('lists in pages without a gap: %j', async (filter) => {
      const whole = (await audit().list(filter, page)).map(({ id }) => id);
      const paged: string[] = [];
      for (let after: string | null = null; ; after = paged.at(-1) ?? null) {
        const next = await audit().list(filter, { after, limit: 2 });
        if (next.length === 0) break;
        expect(next.length).toBeLessThanOrEqual(2);
        paged.push(...next.map(({ id }) => id));
      }
      expect(paged).toEqual(whole);
    });

    test('is followed along, oldest first', async () => {
      expect((await audit().since(rows[2]!.id, 2)).map(({ id }) => id)).toEqual([rows[3]!.id, rows[4]!.id]);
      expect(await audit().since(rows[5]!.id, 2)).toEqual([]);
      expect(await audit().since('no id', 2)).toEqual([]);
      expect(await audit().list({}, { after: 'no id', limit: 2 })).toEqual([]);
    });

    test('outlives the accounts it tells of', async () => {
      const user = { ...userNamed('ann'), id: ann };
      await opened.store.users.insert(user);
      await opened.store.users.delete(ann);
      expect(await audit().list({ about: ann }, page)).toHaveLength(4);
    });

    test('loses by a purge what is older than that, and nothing else', async () => {
      expect(await audit().purge(at + 30)).toBe(2);
      expect(await audit().purge(at + 30)).toBe(0);
      expect(await audit().since(null, 9)).toEqual(rows.slice(2));
    });
  });

  test('a purge takes a batch at most, and two at once take nothing twice', async () => {
    await audit().append(Array.from({ length: purgeBatch + 500 }, (_, n) => recordAt(at + n)));
    const end = at + 10_000;
    const taken = await Promise.all([audit().purge(end), audit().purge(end)]);
    expect(Math.max(...taken)).toBeLessThanOrEqual(purgeBatch);
    expect(taken[0] + taken[1] + (await audit().purge(end))).toBe(purgeBatch + 500);
  });
});
