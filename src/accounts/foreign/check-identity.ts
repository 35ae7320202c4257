import { PortcullisError } from '../../core/errors.ts';
import { findAttributeFaults, type AttributeDeclarations } from '../attributes.ts';
import type { ForeignIdentity } from '../foreign-identity.ts';
import { groupNameFault } from '../group-name.ts';

/** Longest texts of a key, as the store has them: octets of an issuer, characters of a subject (OIDC Core 1.0, section 2). */
const longestIssuer = 500;
const longestSubject = 255;
const noText = /[\0\p{Surrogate}]/u;

/**
 * Rejects with LOGIN_REFUSED what an authenticator should not have made of a profile. What it is stays in the log: whoever
 * logs in can't mend it.
 */
export function checkIdentity(identity: ForeignIdentity, attributes: AttributeDeclarations): void {
  const faults = findFaults(identity, attributes);
  if (faults.length > 0) throw new PortcullisError('LOGIN_REFUSED', { detail: faults.join(' ') });
}

function findFaults(identity: ForeignIdentity, attributes: AttributeDeclarations): string[] {
  const { issuer, subject, groups } = identity;
  const issuerFits = issuer !== '' && Buffer.byteLength(issuer) <= longestIssuer && !noText.test(issuer);
  const subjectFits = subject !== '' && Array.from(subject).length <= longestSubject && !noText.test(subject);
  return [
    ...(issuerFits ? [] : [`The issuer is no text of 1 to ${longestIssuer} octets.`]),
    ...(subjectFits ? [] : [`The subject is no text of 1 to ${longestSubject} characters.`]),
    ...new Set((groups ?? []).flatMap((group) => groupNameFault(group) ?? [])),
    ...findAttributeFaults(identity.attributes, attributes),
  ];
}
