/**
 * What a record is about, in the order in which it is read. It is shown to those whom the record is about, so nothing
 * stands here that tells of others or of the policy: no rules, no reasons, no attributes.
 */
const subjectMatter: readonly string[] = [
  'coordinate',
  'codes',
  'code',
  'change',
  'permission',
  'action',
  'subject',
  'group',
  'groups',
  'member',
  'username',
  'name',
  'to',
  'issuer',
  'authenticator',
  'session',
  'amr',
  'aal',
  'added',
  'removed',
];

const places = new Map(subjectMatter.map((name, place) => [name, place]));

export const isSubjectMatter = (name: string): boolean => places.has(name);

/** Details as they are read: what it is about first, then the rest by name. A database keeps them in no such order. */
export const orderDetails = (
  details: Readonly<Record<string, unknown>>,
): readonly (readonly [string, unknown])[] => {
  const byName = Object.entries(details).sort(([a], [b]) => (a < b ? -1 : 1));
  return byName.sort(([a], [b]) => placeOf(a) - placeOf(b));
};

const placeOf = (name: string): number => places.get(name) ?? places.size;

/** Text as it is; anything else as JSON. */
export const renderDetail = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
