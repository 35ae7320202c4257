import type { Kind } from './kinds/kind.ts';
import type { Row } from './policy-case.ts';
import type { Random } from './random.ts';
import { oddNames, type Words } from './words.ts';

/** What a caller should not pass, and may. The same objects each time: whatever is remembered by them shows. */
const oddValues: readonly unknown[] = [
  ...[
    null,
    undefined,
    0,
    1,
    -1,
    Number.NaN,
    1.5,
    true,
    false,
    '',
    [],
    ['alice'],
    ['alice', 'bob'],
    [['read']],
    {},
  ],
  ...[
    { Age: 20, Name: 'alice', Owner: 'alice' },
    { Owner: 'root' },
    { toString: () => 'alice' },
    Object.create(null) as unknown,
  ],
  ...[
    'nobody',
    'alice ',
    'link3',
    'link1',
    'casbin::default',
    'data1',
    'ROOT',
    new String('alice'),
    { length: 9 },
  ],
];

type Request = readonly unknown[];

/** What is asked of a policy: in part near to its rows, in part any of its names, and now and then anything. */
export function requestsOf(kind: Kind, random: Random, words: Words, rows: readonly Row[]): () => Request {
  const columns = Object.entries(kind.request);
  const named = Object.keys(kind.policy);
  const policyRows = rows.filter(({ columns: [first] }) => first === 'p');
  const memberships = rows.filter(({ columns: [first] }) => first === 'g' || first === 'g2');
  const anything = (): Request => columns.map(([, draw]) => draw(random, words));
  /** The name itself, or one that is below it by one to twelve rows. */
  const below = (name: unknown): unknown => {
    let at = name;
    for (let steps = random.pick([0, 0, 1, 1, 2, 3, 9, 10, 11, 12]); steps > 0; steps -= 1) {
      const members = memberships.filter(({ columns: [, , role] }) => role === at);
      if (members.length === 0) break;
      at = random.pick(members).columns[1];
    }
    return at;
  };
  const near = (): Request => {
    const row = random.pick(policyRows).columns;
    return columns.map(([name, draw], index) => {
      const at = named.indexOf(name) === -1 ? index : named.indexOf(name);
      const drawn = draw(random, words);
      const usable = typeof drawn === 'string' && row.length > at + 1 && random.chance(0.9);
      return usable ? below(row[at + 1]) : drawn;
    });
  };
  const odd = (): Request => {
    const request = [...anything()];
    const fate = random.below(10);
    if (fate === 0) request.pop();
    else if (fate === 1) request.push('surplus');
    else request[random.below(request.length)] = random.pick(random.chance(0.7) ? oddValues : oddNames);
    return request;
  };
  return () => {
    const way = random.below(100);
    if (way < 7) return odd();
    return way < 65 && policyRows.length > 0 ? near() : anything();
  };
}
