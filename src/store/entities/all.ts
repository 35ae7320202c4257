import { EmailAddresses, Passwords, Users } from './accounts.ts';
import { GroupNestings, Groups, Memberships, PolicyEpoch } from './groups.ts';
import { Sessions } from './sessions.ts';
import { SetupLinks } from './setup-links.ts';
import { LoginNetworks, ThrottleBuckets } from './throttles.ts';

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
];
