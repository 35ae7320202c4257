import DataLoader from 'dataloader';
import { PortcullisError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Origin } from '../../core/origin.ts';
import type { Principal } from '../../core/principal.ts';
import type { DecisionTally } from '../../policy/decision-tally.ts';
import type { Decisions, RequestEnvironment } from '../../policy/decision.ts';
import type { PolicySnapshot } from '../../policy/snapshot.ts';
import type { Context, RequestActions, RequestState } from '../context.ts';
import { Denials } from './denials.ts';
import type { AnyLoad, GuardRules, LoadMany } from './guard-rules.ts';

export type Facts = Readonly<Record<string, unknown>>;

/**
 * The context of one execution: what resolvers use, and what the guard keeps beside it. Only `executeGuarded` makes one,
 * and a guarded field answers nothing to any other context.
 */
export class OperationContext implements Context<unknown> {
  readonly services: unknown;
  readonly denials = new Denials();
  /** Every decision that is acted upon is counted in it. */
  readonly tally: DecisionTally;
  readonly #state: RequestState;
  readonly #rules: GuardRules;
  readonly #isOver: () => boolean;
  readonly #log: Log;
  readonly #facts = new Map<string, WeakMap<object, Facts>>();
  readonly #failedFacts = new Set<string>();
  #load: AnyLoad;

  constructor({ state, services, rules, tally, isOver, log }: Needs) {
    this.services = services;
    this.tally = tally;
    this.#state = state;
    this.#rules = rules;
    this.#isOver = isOver;
    this.#log = log;
    this.#load = loadersOf(rules.loaders, this);
  }

  get load(): AnyLoad {
    return this.#load;
  }

  get requestId(): string {
    return this.#state.requestId;
  }
  get principal(): Principal {
    return this.#state.principal;
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
  get actions(): RequestActions {
    return this.#state.actions;
  }

  /** Rejects fields of an operation whose time is over, so that nothing goes on behind its answer. */
  checkTime(): void {
    if (this.#isOver()) throw tookTooLong();
  }

  /** Forgets what was loaded and what was computed of it: something has been written since. */
  forget(): void {
    this.#load = loadersOf(this.#rules.loaders, this);
    this.#facts.clear();
  }

  /**
   * The declared facts of an object, computed once until `forget`; `null` where its type declares none. A fact that
   * throws is none: a condition that reads it fails, as it does where the object is missing.
   */
  factsOf(type: string, object: unknown): Facts | null {
    const declared = this.#rules.facts[type];
    if (declared === undefined || object === null || object === undefined) return null;
    if (typeof object !== 'object') return this.#computeFacts(type, declared, object);
    let known = this.#facts.get(type);
    if (known === undefined) this.#facts.set(type, (known = new WeakMap()));
    let facts = known.get(object);
    if (facts === undefined) known.set(object, (facts = this.#computeFacts(type, declared, object)));
    return facts;
  }

  #computeFacts(type: string, declared: DeclaredFacts, object: unknown): Facts {
    const facts: [string, unknown][] = [];
    for (const [name, fact] of Object.entries(declared)) {
      try {
        facts.push([name, checkFact(fact(object))]);
      } catch (err) {
        this.#tellFailedFact(`${type}.${name}`, err);
      }
    }
    return Object.fromEntries(facts);
  }

  /** Once for an operation: a list has many rows. */
  #tellFailedFact(fact: string, err: unknown): void {
    if (this.#failedFacts.has(fact)) return;
    this.#failedFacts.add(fact);
    this.#log.error(
      { event: 'fact.failed', err, fact, requestId: this.requestId },
      'A fact could not be computed: there is none.',
    );
  }
}

interface Needs {
  readonly state: RequestState;
  readonly services: unknown;
  readonly rules: GuardRules;
  readonly tally: DecisionTally;
  readonly isOver: () => boolean;
  readonly log: Log;
}

type DeclaredFacts = Readonly<Record<string, (object: unknown) => unknown>>;

/** A promise compares with nothing, and its rejection would be nobody's. */
function checkFact(value: unknown): unknown {
  if (!(value instanceof Promise)) return value;
  value.catch(() => undefined);
  throw new TypeError('A fact is a promise: facts are synchronous.');
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
