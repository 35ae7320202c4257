/**
 * Every event there is, by its stable name, with the sentence that the log has for it. A name is never changed or used for
 * something else: people search and alert on it.
 */
export const auditEvents = {
  'login.succeeded': 'Somebody logged in.',
  'login.failed': 'A login was refused.',
  'login.throttled': 'A login was refused: too many attempts.',
  'logout.succeeded': 'Somebody logged out.',
  'session.ended': 'A session was ended.',
  'account.created': 'An account was made.',
  'account.provisioned': 'An account was made at its first login.',
  'account.renamed': 'An account was renamed.',
  'account.suspended': 'An account was suspended.',
  'account.reactivated': 'An account was reactivated.',
  'account.deleted': 'An account was deleted.',
  'account.password-set': 'A password was set.',
  'account.email-changed': 'The e-mail address of an account was changed.',
  'account.attributes-changed': 'Attributes of an account were changed.',
  'account.sessions-ended': 'Every session of an account was ended.',
  'identity.linked': 'An identity was linked to an account.',
  'identity.unlinked': 'An identity was unlinked from its account.',
  'identity.refused': 'An identity was not taken.',
  'group.created': 'A group was made.',
  'group.deleted': 'A group was deleted.',
  'group.member-added': 'A member was added to a group.',
  'group.member-removed': 'A member was removed from a group.',
  'group.claims-applied': 'Claims changed the groups of an account.',
  'grant.added': 'A permission was granted.',
  'grant.removed': 'A permission was revoked.',
  'administration.refused': 'A change of accounts, groups or grants was refused.',
  'decision.denied': 'A field was denied.',
  'policy.changed': 'A new version of the policy decides.',
  'policy.refused': 'A version of the policy was refused; the one before still decides.',
  'audit.lost': 'Records found the queue full, and stand in the log alone.',
} as const satisfies Record<string, string>;

export type AuditEvent = keyof typeof auditEvents;

/** The events of that name or, where it is a first word with a dot (`login.`), all of that kind; none where there is none. */
export const findEvents = (
  name: string,
): readonly { readonly event: AuditEvent; readonly sentence: string }[] =>
  Object.entries(auditEvents)
    .filter(([event]) => event === name || (name.endsWith('.') && event.startsWith(name)))
    .map(([event, sentence]) => ({ event: event as AuditEvent, sentence }));
