import { describe, expect, test } from '@jest/globals';
import { findListed } from './listed-differences.ts';
import { openStock } from './open-stock.ts';
import { outcomeOf } from './outcome.ts';

const kind = 'an invalid regular expression';
const model = (matcher: string): string => `[request_definition]
r = sub, obj
[policy_definition]
p = sub, obj
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = ${matcher}
`;

/** What a row at which stock casbin throws makes of an answer of ours. */
async function listed(
  matcher: string,
  lines: readonly string[],
  request: readonly unknown[],
  allowed: boolean,
): Promise<string | null> {
  const stock = await openStock({
    kind: 'listed',
    model: model(matcher),
    rows: lines.map((text) => ({ text, columns: [] })),
    lineEnd: '\n',
    files: 1,
    functions: {},
    requests: [],
  });
  const theirs = outcomeOf(() => stock.enforceSync(...request));
  if (!theirs.threw) throw new Error('Stock casbin answers.');
  return findListed(stock, request, theirs.error, allowed);
}

const matcher = 'regexMatch(r.obj, p.obj) && r.sub == p.sub';
const request = ['alice', 'data1'];

describe('an answer where stock casbin throws at a row', () => {
  test('is listed where it denies, or where the other rows allow', async () => {
    expect(await listed(matcher, ['p, bob, ['], request, false)).toBe(kind);
    expect(await listed(matcher, ['p, bob, [', 'p, alice, data1'], request, true)).toBe(kind);
  });

  test('is a difference where it allows what the other rows do not', async () => {
    expect(await listed(matcher, ['p, bob, [', 'p, alice, data2'], request, true)).toBeNull();
    expect(await listed(matcher, ['p, alice, ['], request, true)).toBeNull();
  });

  test('is a difference where no row is at fault', async () => {
    expect(await listed(matcher, ['p, alice, data1'], ['alice'], false)).toBeNull();
    expect(await listed('r.sub.a.b == 1', ['p, alice, data1'], request, false)).toBeNull();
  });
});
