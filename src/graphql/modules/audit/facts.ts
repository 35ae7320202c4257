import type { AuditRow } from '../../../store/contract/audit.ts';

/**
 * `owner` is whoever may know where it came from: the account that did it or, where none did (a failed login), the one it
 * was done to. `account` is the one it was done to, and may know of it, but not from which address an administrator
 * works. Texts both, empty where there is none: a condition compares texts with texts.
 */
export const auditFacts = {
  AuditRecord: {
    owner: ({ actorId, accountId }: AuditRow) => actorId ?? accountId ?? '',
    account: ({ accountId }: AuditRow) => accountId ?? '',
  },
};
