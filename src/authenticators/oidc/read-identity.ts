import type { AttributeDeclarations } from '../../accounts/attributes.ts';
import type { ForeignIdentity } from '../../accounts/foreign-identity.ts';
import type { AttributeValue } from '../../core/principal.ts';
import type { AttributeChanges } from '../../store/contract/users.ts';
import type { OidcOptions } from './options.ts';

type Claims = ReadonlyMap<string, unknown>;

/** Characters of one claim that becomes text here. */
const longestText = 1_000;
/** Values of one attribute. */
const longestList = 1_000;

/**
 * Who the verified claims say this is. What an ID token says stands above what userinfo says: it is signed. A claim of
 * another type than it should have is as good as none, and one that is not there takes away what it gave before.
 */
export function readIdentity(
  { issuer, subject }: { readonly issuer: string; readonly subject: string },
  given: readonly (object | null)[],
  { claims: names }: Pick<OidcOptions, 'claims'>,
  declared: AttributeDeclarations,
): ForeignIdentity {
  // A map: of an object, a claim called `__proto__` or `constructor` would be something else.
  const claims: Claims = new Map(given.flatMap((each) => Object.entries(each ?? {})));
  const username = parseText(claims.get(names.username));
  const name = parseText(claims.get(names.name));
  const address = parseText(claims.get(names.email));
  return {
    issuer,
    subject,
    label: cut(address ?? name ?? username ?? subject),
    username,
    name: name === null ? null : cut(name),
    email: address === null ? null : { address, verified: claims.get('email_verified') === true },
    groups: names.groups === undefined ? null : readGroups(claims.get(names.groups.claim), names.groups.map),
    attributes: readAttributes(claims, names.attributes, declared),
  };
}

/** A text that can be stored and shown as it is; anything else is none. */
function parseText(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.trim();
  const isPlain = text !== '' && text.length <= longestText && !/[\p{Cc}\p{Surrogate}]/u.test(text);
  return isPlain ? text : null;
}

/** By characters, so that none is cut in two. */
const cut = (text: string): string => Array.from(text).slice(0, 200).join('');

function readGroups(claim: unknown, mapped: Readonly<Record<string, string>>): string[] {
  const groups = new Map(Object.entries(mapped));
  const values: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  const given = values.flatMap((value) => (typeof value === 'string' ? (groups.get(value) ?? []) : []));
  return [...new Set(given)];
}

function readAttributes(
  claims: Claims,
  names: Readonly<Record<string, string>>,
  declared: AttributeDeclarations,
): AttributeChanges {
  return Object.fromEntries(
    Object.entries(names).map(([attribute, claim]) => [
      attribute,
      parseAttribute(claims.get(claim), declared[attribute]),
    ]),
  );
}

function parseAttribute(
  value: unknown,
  kind: AttributeDeclarations[string] | undefined,
): AttributeValue | null {
  switch (kind) {
    case 'string':
      return parseText(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'strings':
      return parseTexts(value);
    case undefined:
      return null;
  }
}

/** All of them, or none: a list that lacks one says something else. */
function parseTexts(value: unknown): readonly string[] | null {
  if (!Array.isArray(value) || value.length > longestList) return null;
  const texts = value.map(parseText).filter((text) => text !== null);
  return texts.length === value.length ? texts : null;
}
