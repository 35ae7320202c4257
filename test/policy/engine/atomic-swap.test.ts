import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTick, setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PolicyEngine } from '../../../src/policy/engine.ts';
import { rounds } from '../../rounds.ts';
import { builtin, environment, model, nothing, user } from '../fixture.ts';
import { effectFor, setDesk, type Desk } from './desk.ts';

/** A and B both deny Query.users; the allows of A with the denies of B would allow it. */
const editions = {
  a: {
    allows: 'p, authenticated, Query.users, *, allow\n',
    denies: '# guardrails\np, everyone, Query.users, *, deny\n',
  },
  b: { allows: '# nothing here\n', denies: '# and nothing there\n' },
};
type Edition = (typeof editions)['a'];

let desk: Desk;
beforeEach(() => {
  desk = setDesk('# no rules of its own\n');
});
afterEach(() => desk.clear());

const write = ({ allows, denies }: Edition, order: boolean): void => {
  const writes = [() => desk.write('allows.csv', allows), () => desk.write('denies.csv', denies)];
  for (const each of order ? writes : writes.toReversed()) each();
};
const replace = ({ allows, denies }: Edition): void => {
  for (const [name, text] of [
    ['allows.csv', allows],
    ['denies.csv', denies],
  ] as const) {
    writeFileSync(desk.path(`.${name}.new`), text);
    renameSync(desk.path(`.${name}.new`), desk.path(name));
  }
};

/** The ways in which editors and deployments write: in place, by rename, cut short for a moment, one half first. */
const ways: readonly ((edition: Edition, round: number) => Promise<void> | void)[] = [
  (edition, round) => write(edition, round % 2 === 0),
  replace,
  async (edition) => {
    write({ ...edition, denies: '' }, false);
    await sleep(3);
    write(edition, true);
  },
  async (edition) => {
    write({ allows: edition.allows.slice(0, 20), denies: edition.denies.slice(0, 13) }, true);
    await sleep(3);
    write(edition, false);
  },
  async (edition) => {
    rmSync(desk.path('denies.csv'), { force: true });
    await sleep(2);
    write(edition, false);
  },
];

async function askUntil(
  engine: PolicyEngine,
  done: () => boolean,
): Promise<{ asked: number; wrong: number; versions: Set<string> }> {
  const seen = { asked: 0, wrong: 0, versions: new Set<string>() };
  const ann = user('ann');
  while (!done()) {
    const snapshot = engine.current();
    const decisions = snapshot.decisionsFor(ann, environment);
    await nextTick();
    const decision = decisions.decide('Query.users', nothing);
    seen.asked += 1;
    if (decision.effect !== 'deny' || decision.reason === 'engine-failed') seen.wrong += 1;
    if (decision.policyVersion !== snapshot.version) seen.wrong += 1;
    seen.versions.add(decision.policyVersion);
  }
  return seen;
}

describe('a policy that is edited while it decides', () => {
  test(
    'C42, F05: decides every question by one whole edition, never by a mix of two',
    async () => {
      write(editions.a, true);
      const engine = await desk.open({ watch: true, settleMs: 15 });
      const versionOfA = engine.current().version;
      write(editions.b, true);
      const versionOfB = (await engine.reload()).version;
      let swaps = 0;
      engine.onChange(() => void (swaps += 1));

      let done = false;
      const asking = askUntil(engine, () => done);
      const reloads: Promise<unknown>[] = [];
      for (let round = 0; round < rounds(200, 10_000); round++) {
        await ways[round % ways.length]!(round % 2 === 0 ? editions.a : editions.b, round);
        // The watcher fires twice, or early, or an administrator asks as well.
        for (let again = 0; again < round % 3; again++) reloads.push(engine.reload());
        await sleep(round % 3 === 0 ? 70 : 5);
      }
      await Promise.all(reloads);
      write(editions.a, true);
      await engine.reload();
      done = true;

      const { asked, wrong, versions } = await asking;
      expect(wrong).toBe(0);
      expect([...versions].filter((version) => version !== versionOfA && version !== versionOfB)).toEqual([]);
      expect(asked).toBeGreaterThan(1_000);
      expect(swaps).toBeGreaterThan(10);
      expect(engine.current().version).toBe(versionOfA);
    },
    rounds(30_000, 1_800_000),
  );

  test('C42: decides a request by the snapshot that it started with', async () => {
    write(editions.b, true);
    desk.write('rules.csv', 'p, authenticated, Query.notes, *, allow\n');
    const engine = await desk.open();
    const started = engine.current();
    desk.write('rules.csv', '# gone\n');
    await engine.reload();
    expect(effectFor(started, user('ann'), 'Query.notes')).toBe('allow');
    expect(effectFor(engine.current(), user('ann'), 'Query.notes')).toBe('deny');
  });

  test('has the same version for the same content, whenever and by whom it was written', async () => {
    const engine = await desk.open();
    const { version } = engine.current();
    expect(version).toMatch(/^sha256-[0-9a-f]{16}$/);
    const before = engine.current();
    desk.write('rules.csv', '# no rules of its own\n');
    await engine.reload();
    expect(engine.current()).toBe(before);
    desk.write('rules.csv', '# no rules of its own.\n');
    expect((await engine.reload()).version).not.toBe(version);
  });
});

describe('a watched folder', () => {
  const allow = 'p, authenticated, Query.notes, *, allow\n';
  const until = async (answer: () => boolean): Promise<void> => {
    for (const end = performance.now() + 5_000; !answer() && performance.now() < end;) await sleep(10);
    expect(answer()).toBe(true);
  };
  const allowed = (engine: PolicyEngine) => () =>
    effectFor(engine.current(), user('ann'), 'Query.notes') === 'allow';
  const isRefused = (engine: PolicyEngine) => () => engine.status().refusal.length > 0;

  test('is read again when a file is written, added or taken away', async () => {
    const engine = await desk.open({ watch: true });
    desk.write('rules.csv', allow);
    await until(allowed(engine));
    desk.write('rules.csv', '# nothing\n');
    await until(() => !allowed(engine)());
    desk.write('added.csv', allow);
    await until(allowed(engine));
    rmSync(desk.path('added.csv'));
    await until(() => !allowed(engine)());
  });

  test('that vanishes is refused, and decides again when it returns', async () => {
    const engine = await desk.open({ watch: true });
    rmSync(desk.folder, { recursive: true });
    await until(isRefused(engine));
    mkdirSync(desk.folder);
    desk.write('model.conf', model);
    desk.write('builtin.csv', builtin);
    desk.write('rules.csv', allow);
    await until(allowed(engine));
    expect(engine.status().refusal).toEqual([]);
  });

  test('behind a symbolic link follows the link when it is swapped', async () => {
    const folders = ['one', 'two'].map((name) => join(desk.folder, '..', name)) as [string, string];
    for (const [index, folder] of folders.entries()) {
      mkdirSync(folder);
      writeFileSync(join(folder, 'model.conf'), model);
      writeFileSync(join(folder, 'builtin.csv'), builtin);
      writeFileSync(join(folder, 'rules.csv'), index === 0 ? '# nothing\n' : allow);
    }
    const link = join(desk.folder, '..', 'current');
    symlinkSync(folders[0], link);
    const engine = await desk.open({ folders: [link], watch: true });
    expect(allowed(engine)()).toBe(false);
    symlinkSync(folders[1], `${link}.new`);
    renameSync(`${link}.new`, link);
    await until(allowed(engine));
  });
});
