import DataLoader from 'dataloader';
import { PortcullisError } from '../../core/errors.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Origin } from '../../core/origin.ts';
import type { Principal } from '../../core/principal.ts';
import type { DecisionTally } from '../../policy/decision-tally.ts';
import {
  nothingStands,
  stands,
  type DecisionReason,
  type Decisions,
  type RequestEnvironment,
  type Standing,
} from '../../policy/decision.ts';
import type { PolicySnapshot } from '../../policy/snapshot.ts';
import type { UserRow } from '../../store/contract/users.ts';
import type { Context, RequestActions, RequestState } from '../context.ts';
import { Denials } from './denials.ts';
import { type Facts, FactsOfObjects, type TypeFacts } from './facts-of-objects.ts';
import type { AnyLoad, LoadMany } from './guard-rules.ts';
import type { Guard } from './guarded-schema.ts';

// Asked at every field: read from here, and not from an object.
const { mask, unknown, allowed, denied } = stands;

/**
 * The context of one execution: what resolvers use, and what the guard keeps beside it. Only `executeGuarded` makes one,
 * and a guarded field answers nothing to any other context. What few operations need is made when it is asked for.
 */
export class OperationContext implements Context<unknown> {
  readonly services: unknown;
  readonly #state: RequestState;
  readonly #guard: Pick<Guard, 'rules' | 'coordinates'>;
  readonly #clock: Clock;
  readonly #end: number;
  readonly #log: Log;
  readonly #tally: DecisionTally | null;
  /** What stands for the principal, by the guard's numbers. */
  #marks: Standing['marks'] = nothingStands.marks;
  #passed = 0;
  #lookedAt = 0;
  #isStopped = false;
  #hasWritten = false;
  #denials: Denials | null = null;
  #facts: FactsOfObjects | null = null;
  #load: AnyLoad | null = null;

  constructor(
    { state, services, limits, tally, clock, log }: Needs,
    guard: Pick<Guard, 'rules' | 'coordinates'>,
  ) {
    this.services = services;
    this.#state = state;
    this.#guard = guard;
    this.#clock = clock;
    this.#end = clock.monotonic() + limits.timeout;
    this.#log = log;
    this.#tally = tally ?? null;
    this.#lookUp();
  }

  /** Whether it is a context that this class made. Asked at every field, where `instanceof` would be half of the guard's time. */
  static is(value: unknown): value is OperationContext {
    return typeof value === 'object' && value !== null && #marks in value;
  }

  /** Whether the field of that number is allowed whatever it is asked with: one read of an array. It is counted. */
  passes(number: number): boolean {
    if (((this.#marks[number] ?? 0) & mask) !== allowed) return false;
    this.#passed += 1;
    if ((this.#passed & 127) === 0) this.checkTime();
    return true;
  }

  /**
   * Whether the field of that number stands denied, whatever it is asked with, and has been denied before in this operation:
   * then it is counted, and there is nothing more to find out.
   */
  deniesAgain(number: number): boolean {
    if (!this.standsDenied(number)) return false;
    const reason = this.#denials?.countAgain(number);
    if (reason === undefined) return false;
    this.count(reason);
    return true;
  }

  standsDenied(number: number): boolean {
    return ((this.#marks[number] ?? 0) & mask) === denied;
  }

  /** Counts a decision that is acted upon. */
  count(reason: DecisionReason): void {
    if (this.#tally !== null) this.#tally[reason] += 1;
  }

  /** Adds what passed to the count of decisions. */
  settle(): void {
    if (this.#tally !== null) this.#tally.allowed += this.#passed;
    this.#passed = 0;
  }

  get denials(): Denials {
    return (this.#denials ??= new Denials());
  }
  get anyDenied(): boolean {
    return this.#denials !== null;
  }

  get load(): AnyLoad {
    return (this.#load ??= loadersOf(this.#guard.rules.loaders, this));
  }

  get requestId(): string {
    return this.#state.requestId;
  }
  get principal(): Principal {
    return this.#state.principal;
  }
  /** As it was read to begin the request: not after something has been written. */
  get account(): UserRow | null {
    return this.#hasWritten ? null : (this.#state.account ?? null);
  }
  get decisions(): Decisions {
    return this.#state.decisions;
  }
  get snapshot(): PolicySnapshot {
    return this.#state.snapshot;
  }
  get origin(): Origin {
    return this.#state.origin;
  }
  get environment(): RequestEnvironment {
    return this.#state.environment;
  }
  get sessionId(): string | null {
    return this.#state.sessionId;
  }
  /** Afterwards somebody else asks: what stood for whoever it was before stands no more. */
  get actions(): RequestActions {
    const { actions } = this.#state;
    return {
      logIn: (attempt) => actions.logIn(attempt).finally(() => this.#lookUp()),
      logOut: () => actions.logOut().finally(() => this.#lookUp()),
    };
  }

  /** Rejects fields of an operation whose time is over, this one and all that follow, so that nothing goes on behind its answer. */
  checkTime(): void {
    if (!this.#isStopped && this.#clock.monotonic() > this.#end) this.stop();
    if (this.#isStopped) throw tookTooLong();
  }

  /**
   * The same for a field that does not stand allowed, before it is decided. The clock is read for each that nothing stands of,
   * and for some of the others: reading it would take as long as deciding.
   */
  checkTimeOf(number: number): void {
    this.#lookedAt += 1;
    const isNew = ((this.#marks[number] ?? 0) & mask) === unknown;
    if (isNew || (this.#lookedAt & 15) === 0) this.checkTime();
  }

  /** The answer is given: every field from now on is rejected. */
  stop(): void {
    this.#isStopped = true;
    this.#marks = nothingStands.marks;
  }

  /** Forgets what was loaded and what was computed of it: something has been written since. */
  forget(): void {
    this.#hasWritten = true;
    this.#load = null;
    this.#facts = null;
    this.#lookUp();
  }

  #lookUp(): void {
    const { coordinates, marks } = this.#state.decisions.standing;
    // Numbers are places in one set of coordinates: those of another schema would tell of other fields.
    this.#marks = coordinates === this.#guard.coordinates && !this.#isStopped ? marks : nothingStands.marks;
  }

  /**
   * The declared facts of an object, computed once until `forget`; `null` where its type declares none. A fact that
   * throws is none: a condition that reads it fails, as it does where the object is missing.
   */
  factsOf(type: TypeFacts | null, object: unknown): Facts | null {
    if (type === null || object === null || object === undefined) return null;
    this.#facts ??= new FactsOfObjects((fact, err) =>
      this.#log.error(
        { event: 'fact.failed', err, fact, requestId: this.requestId },
        'A fact could not be computed: there is none.',
      ),
    );
    return this.#facts.of(type, object);
  }
}

interface Needs {
  readonly state: RequestState;
  readonly services: unknown;
  /** Milliseconds. */
  readonly limits: { readonly timeout: number };
  /** Where decisions are counted; nowhere, by default. */
  readonly tally?: DecisionTally | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export const tookTooLong = (): PortcullisError =>
  new PortcullisError('UNAVAILABLE', {
    message: 'This took too long and was stopped. Ask for less at once.',
  });

/** Each loader is made when it is first asked for: most operations ask for few. */
function loadersOf(batches: Readonly<Record<string, LoadMany>>, context: OperationContext): AnyLoad {
  const load: Record<string, (id: string) => Promise<unknown>> = {};
  for (const [name, findMany] of Object.entries(batches)) {
    let loader: DataLoader<string, unknown> | null = null;
    load[name] = (id) => {
      loader ??= new DataLoader(async (ids: readonly string[]) => {
        const found = await findMany(ids, context);
        return ids.map((each) => found.get(each) ?? null);
      });
      return loader.load(id);
    };
  }
  return load;
}
