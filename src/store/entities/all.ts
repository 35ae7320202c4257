import { EmailAddresses, Passwords, Users } from './accounts.ts';
import { Administration } from './administration.ts';
import { AuditRecords } from './audit.ts';
import { Grants } from './grants.ts';
import { GroupNestings, Groups, Memberships, PolicyEpoch } from './groups.ts';
import { Identities } from './identities.ts';
import { Sessions } from './sessions.ts';
import { SetupLinks } from './setup-links.ts';
import { LoginNetworks, ThrottleBuckets } from './throttles.ts';
import { UsedStates } from './used-states.ts';

/** Every table that TypeORM reads and writes. What they look like is said by the migrations, never synchronized. */
export const entities = [
  Users,
  Passwords,
  EmailAddresses,
  Groups,
  Memberships,
  GroupNestings,
  PolicyEpoch,
  Sessions,
  ThrottleBuckets,
  LoginNetworks,
  SetupLinks,
  Identities,
  Grants,
  UsedStates,
  Administration,
  AuditRecords,
];
