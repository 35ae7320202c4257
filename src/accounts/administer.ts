import type { Audit, AuditEntry } from '../audit/audit.ts';
import { PortcullisError } from '../core/errors.ts';
import type { PolicyEngine } from '../policy/engine.ts';
import { takeTurns } from '../policy/single-flight.ts';
import type { AuthorityChange, PolicySnapshot } from '../policy/snapshot.ts';
import type { Store } from '../store/store.ts';
import type { Actor } from './actor.ts';
import { hasActiveAdministrator } from './administrators.ts';
import { beyondGranter, findRefusal, lastAdministrator } from './administration-refusals.ts';
import { loadGranter } from './granter.ts';

/** What a change is decided on: the policy and the rows of one revision. Nothing that it says is older. */
export interface Ground {
  readonly snapshot: PolicySnapshot;
  readonly store: Pick<Store, 'users' | 'groups' | 'grants'>;
}

/** A change that has been decided on, and not been written. */
export interface Change<T> {
  /** Whose authority it changes, and how: each is held against the granter's. Asked only where there is a granter. */
  gives(): AsyncIterable<AuthorityChange> | Iterable<AuthorityChange>;
  /** Whether it could take an administrator away. */
  readonly takes: boolean;
  /** Reads and writes through the unit alone: the embedded database has one connection. */
  write(unit: Store, record: (entry: AuditEntry) => void): Promise<T>;
}

/** What a change is, in the record of its refusal. */
export type Intent = Pick<AuditEntry, 'event' | 'details' | 'accountId'>;

/**
 * Makes one change to who holds what: decided on without a lock, written under one, and decided again where anybody
 * else changed anything in between. FORBIDDEN where it would give more than its actor has, CONFLICT where it would take
 * the last administrator; both are recorded, and so is what can't be: an unknown permission, a group in itself.
 */
export type Administer = <T>(
  by: Actor,
  intent: Intent,
  decide: (ground: Ground) => Promise<Change<T>>,
) => Promise<T>;

interface Needs {
  readonly store: Store;
  readonly policy: Pick<PolicyEngine, 'atEpoch'>;
  readonly audit: Pick<Audit, 'record' | 'unit'>;
}

/** A process that is nearer to the database comes first as often as it has changes to make: some seconds' worth of them. */
const mostTries = 100;

/** `done` is false where another change was written first, and nothing of this one. */
type Attempt<T> = { readonly done: true; readonly value: T } | typeof overtaken;
const overtaken = { done: false } as const;

export function createAdminister({ store, policy, audit }: Needs): Administer {
  // Those of one process that were overtaken go on one at a time: then only another process can overtake them again.
  const takeTurn = takeTurns();

  async function attempt<T>(by: Actor, decide: (ground: Ground) => Promise<Change<T>>): Promise<Attempt<T>> {
    // In this order: what is read afterwards is at least as new as the revision.
    const revision = await store.administration.revision();
    const snapshot = await policy.atEpoch(await store.groups.epoch());
    const granter = by.authority === null ? null : await loadGranter(by.authority, store);
    const change = await decide({ snapshot, store });
    if (granter !== null) {
      for await (const each of change.gives()) {
        const gains = snapshot.findGains(each, granter);
        if (gains.length > 0) throw beyondGranter(gains);
      }
    }
    return audit.unit(async (unit, record) => {
      if (!(await unit.administration.advance(revision))) return overtaken;
      const rows = snapshot.rows.memberships;
      const watched = change.takes && (await hasActiveAdministrator(unit, rows));
      const value = await change.write(unit, record);
      if (watched && !(await hasActiveAdministrator(unit, rows))) throw lastAdministrator();
      return { done: true, value };
    });
  }

  async function attemptAgain<T>(by: Actor, decide: (ground: Ground) => Promise<Change<T>>): Promise<T> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const outcome = await attempt(by, decide);
      if (outcome.done) return outcome.value;
    }
    throw new PortcullisError('CONFLICT', {
      message: 'Others are changing accounts and groups at this moment. Try again.',
      detail: `Another change came first ${mostTries} times.`,
    });
  }

  function recordRefusal(error: unknown, by: Actor, { event, details, accountId = null }: Intent): void {
    const told = findRefusal(error);
    if (told === null) return;
    audit.record({
      event: 'administration.refused',
      origin: by.origin,
      accountId,
      details: { change: event, ...details, ...told },
    });
  }

  return async (by, intent, decide) => {
    try {
      const first = await attempt(by, decide);
      return first.done ? first.value : await takeTurn(() => attemptAgain(by, decide));
    } catch (error) {
      recordRefusal(error, by, intent);
      throw error;
    }
  };
}
