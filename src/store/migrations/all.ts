import { Accounts1790000000001 } from './1790000000001-accounts.ts';
import { Groups1790000000002 } from './1790000000002-groups.ts';
import { Sessions1790000000003 } from './1790000000003-sessions.ts';
import { Throttles1790000000004 } from './1790000000004-throttles.ts';
import { SetupLinks1790000000005 } from './1790000000005-setup-links.ts';
import { Identities1790000000006 } from './1790000000006-identities.ts';
import { Grants1790000000007 } from './1790000000007-grants.ts';
import { UsedStates1790000000008 } from './1790000000008-used-states.ts';
import { Administration1790000000009 } from './1790000000009-administration.ts';
import { Audit1790000000010 } from './1790000000010-audit.ts';

/** Every migration, oldest first. One that was released is never edited: write the next. */
export const migrations = [
  Accounts1790000000001,
  Groups1790000000002,
  Sessions1790000000003,
  Throttles1790000000004,
  SetupLinks1790000000005,
  Identities1790000000006,
  Grants1790000000007,
  UsedStates1790000000008,
  Administration1790000000009,
  Audit1790000000010,
] as const;
