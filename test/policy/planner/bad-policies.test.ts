import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createEnforcer } from '../../../src/policy/library.ts';
import { modelOf, rbac, textOf } from './models.ts';
import { openBoth } from './open-both.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'policies-'));
});
afterAll(() => rm(folder, { recursive: true }));

const names = ['ann', 'ann\u0000', '', 'x', '__proto__', '\ufffd', 'p', '\u0430nn', '\ufeffann'];

describe('a bad policy', () => {
  it.each([
    ['NUL bytes', 'p, ann\u0000, x, read\n\u0000p, ann, x, read'],
    ['line ends of CR alone', 'p, ann, x, read\rp, bob, x, read'],
    ['a mark of byte order', '\ufeffp, ann, x, read'],
    ['a mark of byte order inside', 'p, \ufeffann, x, read'],
    ['other kinds of line ends', 'p, ann, x, read\u2028p, x, x, read\u0085p, p, x, read'],
    ['names of members', 'p, __proto__, x, read\ng, ann, __proto__\ng, x, constructor'],
    ['kinds that are none', '__proto__, ann, x, read\nconstructor, a, b\nP, ann, x, read\n, ann, x, read'],
    ['too few columns', 'p\np,\np, ann\np, ann, x\np,,,'],
    ['too many columns', 'p, ann, x, read, deny, more'],
    ['nothing', ''],
    ['blank lines alone', '\n \n\t\n\r\n'],
  ])('with %s is read as stock reads it', async (_name, text) => {
    const { stock, ours } = await openBoth(rbac, text);
    for (const name of names)
      expect(ours.enforceExSync(name, 'x', 'read')).toEqual(stock.enforceExSync(name, 'x', 'read'));
  });

  it('that is not UTF-8, or no text at all, is read, and allows nobody', async () => {
    const path = join(folder, 'binary.csv');
    await writeFile(
      path,
      Buffer.from(
        Array.from({ length: 100_000 }, (_, at) => ((at * 7_919) ^ (at >>> 3)) & 0xff).filter(
          (byte) => byte !== 0x22 && byte !== 0x28 && byte !== 0x29,
        ),
      ),
    );
    const enforcer = await createEnforcer(textOf(rbac), path);
    for (const name of names) expect(enforcer.enforceSync(name, 'x', 'read')).toBe(false);
  });

  it('of one line of 50 MB is read within seconds, as are the rows behind it', async () => {
    const path = join(folder, 'long.csv');
    await writeFile(path, `p, ann, ${'x'.repeat(50_000_000)}, read\np, ann, x, read`);
    const begun = performance.now();
    const enforcer = await createEnforcer(textOf(rbac), path);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(enforcer.enforceSync('ann', 'x', 'read')).toBe(true);
  });

  it('that is not there, or is a folder, is refused', async () => {
    await expect(createEnforcer(textOf(rbac), join(folder, 'none.csv'))).rejects.toThrow(/ENOENT/);
    await expect(createEnforcer(textOf(rbac), folder)).rejects.toThrow(/EISDIR/);
    await expect(createEnforcer(folder, textOf(''))).rejects.toThrow(/EISDIR/);
  });

  it('that changes while it is read is refused: half of two policies is none', async () => {
    const path = join(folder, 'changing.csv');
    await writeFile(path, 'p, ann, x, read\n'.repeat(300_000));
    const opened = createEnforcer(textOf(rbac), path).then(
      () => 'taken',
      (error: unknown) => String(error),
    );
    for (let time = 0; time < 5; time += 1) await appendFile(path, 'p, bob, x, read\n');
    expect(await opened).toMatch(/changed while it was read/);
    expect((await createEnforcer(textOf(rbac), path)).enforceSync('bob', 'x', 'read')).toBe(true);
  });
});

describe('a bad matcher', () => {
  it.each([
    ['nested 10,000 deep', `${'('.repeat(10_000)}r.sub == p.sub${')'.repeat(10_000)}`],
    ['that never closes', 'r.sub == p.sub && (r.obj'],
    ['that names what is not there', 'r.sub == p.nobody'],
    ['that reaches for members', 'r.sub.constructor.constructor("return 1")()'],
  ])('%s allows nobody', async (_name, matcher) => {
    const asked = createEnforcer(textOf(modelOf(matcher)), textOf('p, ann, x, read')).then((enforcer) =>
      enforcer.enforceSync('ann', 'x', 'read'),
    );
    expect(await asked.catch(() => false)).toBe(false);
  });

  it('of 1,000 parts is decided as stock decides it', async () => {
    const parts = Array.from({ length: 1_000 }, (_, number) => `p.sub == "u${number}" && r.sub == p.sub`);
    const model = textOf(modelOf(parts.map((part) => `(${part})`).join(' || ')));
    const enforcer = await createEnforcer(model, textOf('p, u999, x, read\np, ann, x, read'));
    expect(['u999', 'u1', 'ann'].map((name) => enforcer.enforceSync(name, 'x', 'read'))).toEqual([
      true,
      false,
      false,
    ]);
  });
});
