import { isGroupName, parseUsername, type Username } from '../../core/names.ts';
import { anonymous, type Attributes, type Principal } from '../../core/principal.ts';
import { linksOf, type Links } from '../closure.ts';
import type { Rule } from '../rule.ts';
import type { Holding } from '../snapshot.ts';

/** Somebody, before or after a change, as far as it is known who they are. */
export interface Holder {
  /** Everything that they count as. */
  readonly subjects: ReadonlySet<string>;
  /** Whether that is all: of whoever is in a group it is only what is known. */
  readonly isWhole: boolean;
  /** Their name; `null` where it could be anybody's, or nobody's. */
  readonly username: Username | null;
  /** `null` where they could be anything. */
  readonly attributes: Attributes | null;
  /** For conditions that look at nothing else of somebody than what is known. */
  readonly principal: Principal;
  readonly grants: NonNullable<Holding['grants']>;
  readonly counts: (rule: Rule) => boolean;
}

/** What the built-in names mean hangs on no row: see `indexSubjects`. */
const builtIn = [
  ['anonymous', 'everyone'],
  ['authenticated', 'everyone'],
] as const;

type Pair = { readonly member: string; readonly group: string };

const linksOfPairs = (pairs: readonly Pair[]): Links =>
  linksOf([...builtIn, ...pairs.map(({ member, group }) => [member, group] as const)]);

/** Makes holders of holdings, over the memberships of one snapshot. */
export function holderMaker(memberships: readonly Pair[]): (holding: Holding) => Holder {
  const standing = linksOfPairs(memberships);

  return (holding) => {
    const { subjects: own, memberships: added = [], without = [], grants = [], withoutGrants = [] } = holding;
    const gone = new Set(without.map(keyOf));
    const links =
      added.length === 0 && gone.size === 0
        ? standing
        : linksOfPairs([...memberships.filter((pair) => !gone.has(keyOf(pair))), ...added]);
    const isAnonymous = own.includes('anonymous');
    const subjects = climbAll([...own, ...(isAnonymous ? [] : ['authenticated'])], links);
    const username = nameOf(own);
    const ended = new Set(withoutGrants);
    return {
      subjects,
      isWhole: isAnonymous || username !== null,
      username,
      attributes: holding.attributes ?? null,
      principal: isAnonymous ? anonymous : principalOf(username, own, holding.attributes ?? {}),
      grants,
      counts: ({ subject, provenance }) =>
        subjects.has(subject) && !(provenance.kind === 'grant' && ended.has(provenance.id)),
    };
  };
}

const keyOf = ({ member, group }: Pair): string => `${member} ${group}`;

function climbAll(from: readonly string[], links: Links): ReadonlySet<string> {
  const reached = new Set(from);
  // A Set hands out what is added while it is walked: this loop is the whole search, and a circle ends.
  for (const name of reached) for (const above of links.get(name) ?? []) reached.add(above);
  return reached;
}

function nameOf(subjects: readonly string[]): Username | null {
  const subject = subjects.find((each) => each.startsWith('user:'));
  if (subject === undefined) return null;
  const username = parseUsername(subject.slice('user:'.length));
  if (`user:${username ?? ''}` === subject) return username;
  throw new TypeError('A holding whose name is outside its alphabet cannot be judged.');
}

const nobody = 'nobody' as Username;

/** Only what is known of it is ever looked at. */
const principalOf = (
  username: Username | null,
  own: readonly string[],
  attributes: Attributes,
): Principal => ({
  kind: 'user',
  subject: `user:${username ?? nobody}`,
  id: '',
  username: username ?? nobody,
  groups: own.flatMap((subject) => {
    const name = subject.startsWith('group:') ? subject.slice('group:'.length) : '';
    return isGroupName(name) ? [`group:${name}` as const] : [];
  }),
  attributes,
  authentication: { authenticator: '', amr: [], aal: 0, authTime: 0 },
});
