import DataLoader from 'dataloader';
import { PortcullisError } from '../../core/errors.ts';
import type { Principal } from '../../core/principal.ts';
import type { Decisions } from '../../policy/decision.ts';
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
  readonly load: AnyLoad;
  readonly denials = new Denials();
  readonly #state: RequestState;
  readonly #rules: GuardRules;
  readonly #isOver: () => boolean;
  readonly #facts = new Map<string, WeakMap<object, Facts>>();

  constructor(state: RequestState, services: unknown, rules: GuardRules, isOver: () => boolean) {
    this.services = services;
    this.#state = state;
    this.#rules = rules;
    this.#isOver = isOver;
    this.load = loadersOf(rules.loaders, this);
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

  /** The declared facts of an object, computed once for the request; `null` where its type declares none. */
  factsOf(type: string, object: unknown): Facts | null {
    const declared = this.#rules.facts[type];
    if (declared === undefined || object === null || object === undefined) return null;
    if (typeof object !== 'object') return computeFacts(declared, object);
    let known = this.#facts.get(type);
    if (known === undefined) this.#facts.set(type, (known = new WeakMap()));
    let facts = known.get(object);
    if (facts === undefined) known.set(object, (facts = computeFacts(declared, object)));
    return facts;
  }
}

export const tookTooLong = (): PortcullisError =>
  new PortcullisError('UNAVAILABLE', {
    message: 'This took too long and was stopped. Ask for less at once.',
  });

const computeFacts = (
  declared: Readonly<Record<string, (object: unknown) => unknown>>,
  object: unknown,
): Facts => Object.fromEntries(Object.entries(declared).map(([name, fact]) => [name, fact(object)]));

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
