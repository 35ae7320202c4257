import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import { PortcullisError } from '../core/errors.ts';
import { firstIdAt } from '../core/ordered-ids.ts';
import type { AuditRepository, AuditRow } from '../store/contract/audit.ts';

export interface FollowNeeds {
  readonly trail: Pick<AuditRepository, 'list' | 'since'>;
  /** How many of the newest records to begin with. */
  readonly last: number;
  /** Milliseconds between two looks. */
  readonly every?: number;
  /** Told once when the database does not answer, and once when it does again: looking goes on. */
  onOutage(state: 'began' | 'ended'): void;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

const pageRows = 1_000;
/**
 * Milliseconds. A record comes later than its id says: it waited in a queue, its transaction took its time, its server's
 * clock is behind. So each look begins some seconds back, and every so many of them two minutes back.
 */
const nearMs = 10_000;
const farMs = 120_000;
const farEvery = 20;

/**
 * The trail as it grows, from the newest records on: each exactly once, oldest first as far as they come in order. What
 * comes more than two minutes late (a server that could not reach the database for so long) is left to `list`.
 */
export async function* followAudit(needs: FollowNeeds): AsyncGenerator<readonly AuditRow[], void> {
  const { trail, last, every = 500, clock, signal } = needs;
  const seen = new Set<string>();
  const reach = createReach(clock);

  async function readNew(from: string): Promise<readonly AuditRow[]> {
    const found: AuditRow[] = [];
    for (let after: string | null = from; after !== null;) {
      const page: readonly AuditRow[] = await trail.since(after, pageRows);
      found.push(...page.filter(({ id }) => !seen.has(id)));
      after = page.length < pageRows ? null : (page.at(-1)?.id ?? null);
    }
    for (const { id } of found) seen.add(id);
    return found;
  }

  async function begin(): Promise<readonly AuditRow[]> {
    const floor = reach.far();
    const older = last === 0 ? [] : await trail.list({}, { after: floor, limit: last });
    const recent = await readNew(floor);
    return last === 0 ? [] : [...older.toReversed(), ...recent].slice(-last);
  }

  async function look(round: number): Promise<readonly AuditRow[]> {
    if (round === 0) return begin();
    if (round % farEvery > 0) return readNew(reach.near());
    const floor = reach.far();
    // What will never be read again need not be known.
    for (const id of seen) if (id <= floor) seen.delete(id);
    return readNew(floor);
  }

  for (let round = 0; !signal.aborted;) {
    let rows: readonly AuditRow[] = [];
    try {
      rows = await look(round);
      round += 1;
      if (reach.succeed()) needs.onOutage('ended');
    } catch (error) {
      if (!(error instanceof PortcullisError && error.code === 'UNAVAILABLE')) throw error;
      if (reach.fail()) needs.onOutage('began');
    }
    if (rows.length > 0) yield rows;
    await sleep(every, undefined, { signal }).catch(() => undefined);
  }
}

/** From where a look begins, as an id: never from later than the last look that the database answered. */
function createReach(clock: Clock) {
  let lookedAt = clock.now();
  let outage = false;
  /** Others could not write either: what they held back comes for a while after an outage, with ids from before it. */
  let heldAt = lookedAt;
  let heldUntil = -Infinity;
  let floor = '';
  const isHeld = (): boolean => clock.monotonic() < heldUntil;
  /** Never before what is forgotten. */
  const idAt = (moment: number): string => {
    const id = firstIdAt(moment);
    return id > floor ? id : floor;
  };
  return {
    near: () => idAt(lookedAt - nearMs),
    /** What lies before it is forgotten. */
    far: () => (floor = idAt((isHeld() ? heldAt : lookedAt) - farMs)),
    /** Whether an outage has just ended. */
    succeed(): boolean {
      const ended = outage;
      if (ended) {
        heldAt = isHeld() ? Math.min(heldAt, lookedAt) : lookedAt;
        heldUntil = clock.monotonic() + farMs;
      }
      outage = false;
      lookedAt = clock.now();
      return ended;
    },
    /** Whether an outage has just begun. */
    fail(): boolean {
      const began = !outage;
      outage = true;
      return began;
    },
  };
}
