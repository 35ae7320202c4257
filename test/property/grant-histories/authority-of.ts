import { anonymous, type Principal } from '../../../src/core/principal.ts';
import type { DecisionContext, Decisions } from '../../../src/policy/decision.ts';
import type { PolicySnapshot } from '../../../src/policy/snapshot.ts';
import { coordinates } from '../../policy/authority/random-policies.ts';
import { environment, user } from '../../policy/fixture.ts';
import { groupNames } from './deeds.ts';
import type { Ledger } from './ledger.ts';

/** What everybody may do in every situation, as the engine decides it: the oracle of the histories. */

interface Situation {
  readonly owner: 'own' | 'other';
  readonly shared: boolean;
  readonly isFresh: boolean;
  readonly address: string;
}

/** Every situation that differs in something that a condition of the policy looks at. */
function situationsOf({ rows }: PolicySnapshot): readonly Situation[] {
  const conditions = rows.rules.map(({ condition }) => condition ?? '').join(' ');
  const among = <T>(name: string, values: readonly T[]): readonly T[] =>
    conditions.includes(name) ? values : values.slice(0, 1);
  return among<Situation['owner']>('self(', ['own', 'other']).flatMap((owner) =>
    among('object.shared', [true, false]).flatMap((shared) =>
      among('fresh(', [true, false]).flatMap((isFresh) =>
        among('in_network(', [environment.address ?? '', '198.51.100.1']).map((address) => ({
          owner,
          shared,
          isFresh,
          address,
        })),
      ),
    ),
  );
}

/** `<coordinate> <number of the situation>`. */
export type Right = string;
export type Rights = ReadonlySet<Right>;

const asked = [...coordinates, 'portcullis.grant_beyond', 'operations.view_health'] as const;

const contextOf = ({ owner, shared }: Situation, id: string): DecisionContext => ({
  args: {},
  object: { owner: owner === 'own' ? id : 'somebody-else', shared },
});

/** @param isGranter where they ask from does not change; they could be fresh, and then so is whoever they give to */
function rightsOf(snapshot: PolicySnapshot, who: Somebody, isGranter: boolean): Rights {
  const rights = new Set<Right>();
  const known = new Map<string, Decisions>();
  for (const [number, situation] of situationsOf(snapshot).entries()) {
    const { isFresh } = situation;
    const address = isGranter ? environment.address : situation.address;
    const key = `${isFresh} ${address ?? ''}`;
    const decisions = known.get(key) ?? snapshot.decisionsFor(who.as(isFresh), { ...environment, address });
    known.set(key, decisions);
    for (const coordinate of asked) {
      if (decisions.decide(coordinate, contextOf(situation, who.id)).effect === 'allow')
        rights.add(`${coordinate} ${number}`);
    }
  }
  return rights;
}

interface Somebody {
  readonly id: string;
  as(isFresh: boolean): Principal;
}

const named = (id: string, name: string, groups: readonly string[], department: string | null): Somebody => ({
  id,
  as: (isFresh) => ({
    ...user(name, {
      groups,
      attributes: department === null ? {} : { department },
      authTime: environment.now - (isFresh ? 0 : 3_600_000),
    }),
    id,
  }),
});

/** Somebody who has an account, and whom nothing speaks of. */
const plain = named('plain', 'nobody-in-particular', [], null);

/** Of every account that can act by its id, of a member of each group who is nobody else, and of anonymous. */
export function loadRights(snapshot: PolicySnapshot, { users }: Ledger): ReadonlyMap<string, Rights> {
  const people: [string, Somebody][] = [
    ['anonymous', { id: '', as: () => anonymous }],
    ['plain', plain],
    ...groupNames.map((group): [string, Somebody] => [
      `member of ${group}`,
      named(`of-${group}`, 'nobody-in-particular', [group], null),
    ]),
    ...[...users]
      .filter(([, { status }]) => status === 'active')
      .map(([id, { username, groups, department }]): [string, Somebody] => [
        id,
        named(id, username, groups, department),
      ]),
  ];
  return new Map(people.map(([key, somebody]) => [key, rightsOf(snapshot, somebody, false)]));
}

/** What somebody could give, from where they are. `null`: they may give anything. */
export function loadGiveable(snapshot: PolicySnapshot, { users }: Ledger, id: string): Rights | null {
  const entry = users.get(id);
  if (entry?.status !== 'active') return new Set();
  const { username, groups, department } = entry;
  const rights = rightsOf(snapshot, named(id, username, groups, department), true);
  // They are fresh at the moment, as `actAs` has them: that counts for what lifts the comparison.
  const isBeyond = situationsOf(snapshot).every(
    ({ isFresh }, number) => !isFresh || rights.has(`portcullis.grant_beyond ${number}`),
  );
  return isBeyond ? null : rights;
}

/** Rights that somebody has and did not have, and that none of those who acted could give. */
export function findEscalations(
  before: ReadonlyMap<string, Rights>,
  after: ReadonlyMap<string, Rights>,
  giveable: readonly Rights[],
): readonly string[] {
  return [...after].flatMap(([who, rights]) => {
    // An account that is new, or acts again, is held against what everybody with an account has.
    const had = before.get(who) ?? before.get('plain') ?? new Set();
    return [...rights]
      .filter((right) => !had.has(right) && !giveable.some((given) => given.has(right)))
      .map((right) => `${who}: ${right}`);
  });
}
