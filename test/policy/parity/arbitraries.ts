import fc from 'fast-check';
import type { Principal } from '../../../src/core/principal.ts';
import type { DecisionContext } from '../../../src/policy/decision.ts';
import { loadPolicy } from '../../../src/policy/files/load-policy.ts';
import {
  anonymous,
  coordinates,
  declarations,
  environment,
  filesOf,
  noRows,
  nothing,
  ownedBy,
  user,
} from '../fixture.ts';

const groups = ['group:a', 'group:b', 'group:c', 'group:superusers'];
const permissions = ['notes.view', 'notes.change', 'people.view'];
const subjects = [...groups, 'user:ann', 'user:a', 'anonymous', 'authenticated', 'everyone'];
const conditions = [
  "fresh(r.ctx, '5m')",
  "!fresh(r.ctx, '5m')",
  'aal(r.ctx, 2)',
  "has_attribute(r.ctx, 'department', 'sales')",
  "r.ctx.principal.attributes.department == 'sales'",
  "in_network(r.ctx, '192.0.2.0/24')",
  "in_group(r.ctx, 'group:b')",
  "self(r.ctx) && fresh(r.ctx, '5m')",
  'self(r.ctx)',
  '!self(r.ctx)',
  "r.ctx.object.shared == true || has_attribute(r.ctx, 'department', 'law')",
];

/** Rows upwards only (`a` in `b` in `c`), so that no circle is made. */
const upwards = (names: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat(names.length - 2), fc.nat(names.length))
    .map(([low, step]) => `${names[low]!}, ${names[Math.min(low + 1 + step, names.length - 1)]!}`);

const row = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({
        subject: fc.constantFrom(...subjects),
        object: fc.constantFrom(...coordinates, ...permissions, 'Note.*', 'Query.*', '*'),
        action: fc.constantFrom('*', '*', '*', 'read'),
        effect: fc.constantFrom('allow', 'allow', 'deny'),
        condition: fc.option(fc.constantFrom(...conditions)),
      })
      .map(({ subject, object, action, effect, condition }) =>
        ['p', subject, object, action, effect, ...(condition === null ? [] : [`"${condition}"`])].join(', '),
      ),
  },
  { weight: 2, arbitrary: upwards(groups).map((pair) => `g, ${pair}`) },
  { weight: 1, arbitrary: fc.constantFrom(...groups).map((group) => `g, user:ann, ${group}`) },
  { weight: 2, arbitrary: upwards(permissions).map((pair) => `g2, ${pair}`) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...coordinates, 'User.*', 'Note.*'), fc.constantFrom(...permissions))
      .map((pair) => `g2, ${pair.join(', ')}`),
  },
);
const everyPermission = permissions.map((permission) => `g2, Query.note, ${permission}\n`).join('');

/** Policies that the loader takes: one row that it refuses is left out. */
export const policy: fc.Arbitrary<string> = fc
  .uniqueArray(row, { minLength: 0, maxLength: 14 })
  .map((rows) =>
    rows.reduce((text, line) => (accepts(`${text}${line}\n`) ? `${text}${line}\n` : text), everyPermission),
  );

const accepts = (rules: string): boolean =>
  loadPolicy(filesOf(rules), declarations, noRows, { production: false }).findings.every(
    ({ severity }) => severity !== 'error',
  );

export const principal: fc.Arbitrary<Principal> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(anonymous) },
  {
    weight: 5,
    arbitrary: fc
      .record({
        name: fc.constantFrom('ann', 'bob', 'a', 'superusers'),
        groups: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'other')),
        attributes: fc.constantFrom({}, { department: 'sales' }, { department: 'law' }),
        authTime: fc.constantFrom(environment.now, environment.now - 3_600_000),
        aal: fc.constantFrom(1 as const, 2 as const),
      })
      .map(({ name, ...options }) => user(name, options)),
  },
);
export const context: fc.Arbitrary<DecisionContext> = fc.constantFrom(
  nothing,
  ownedBy('ann'),
  ownedBy('bob'),
  { args: {}, object: { owner: 'somebody', shared: true } },
  { args: {}, object: {} },
);
