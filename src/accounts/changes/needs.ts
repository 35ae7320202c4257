import type { Clock } from '../../core/clock.ts';
import type { Store } from '../../store/store.ts';
import type { Administer } from '../administer.ts';
import type { AttributeDeclarations } from '../attributes.ts';
import type { Hasher } from '../hashing/hasher.ts';

/** What the changes of this folder ask for. */
export interface ChangeNeeds {
  readonly administer: Administer;
  readonly store: Pick<Store, 'users' | 'groups'>;
  readonly hasher: Pick<Hasher, 'hash'>;
  readonly attributes: AttributeDeclarations;
  /** Shortest new password, in code points. */
  readonly minLength: number;
  readonly clock: Clock;
}
