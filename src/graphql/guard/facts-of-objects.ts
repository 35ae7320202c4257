export type Facts = Readonly<Record<string, unknown>>;

type DeclaredFacts = Readonly<Record<string, (object: unknown) => unknown>>;

/** Declared facts of the objects of one operation, each object's computed once. */
export class FactsOfObjects {
  readonly #tell: (fact: string, error: unknown) => void;
  readonly #failed = new Set<string>();
  readonly #known = new Map<string, WeakMap<object, Facts>>();
  // Fields of one row are asked one after the other.
  #lastObject: unknown = null;
  #lastType = '';
  #lastFacts: Facts = {};

  /** `tell` is called once for each fact that could not be computed: a list has many rows. */
  constructor(tell: (fact: string, error: unknown) => void) {
    this.#tell = tell;
  }

  of(type: string, declared: DeclaredFacts, object: unknown): Facts {
    if (typeof object !== 'object' || object === null) return this.#compute(type, declared, object);
    if (object === this.#lastObject && type === this.#lastType) return this.#lastFacts;
    let known = this.#known.get(type);
    if (known === undefined) this.#known.set(type, (known = new WeakMap()));
    let facts = known.get(object);
    if (facts === undefined) known.set(object, (facts = this.#compute(type, declared, object)));
    this.#lastObject = object;
    this.#lastType = type;
    this.#lastFacts = facts;
    return facts;
  }

  #compute(type: string, declared: DeclaredFacts, object: unknown): Facts {
    const facts: Record<string, unknown> = {};
    for (const name of Object.keys(declared)) {
      try {
        facts[name] = checkFact(declared[name]?.(object));
      } catch (error) {
        const fact = `${type}.${name}`;
        if (!this.#failed.has(fact)) this.#tell(fact, error);
        this.#failed.add(fact);
      }
    }
    return facts;
  }
}

/** A promise compares with nothing, and its rejection would be nobody's. */
function checkFact(value: unknown): unknown {
  if (!(value instanceof Promise)) return value;
  value.catch(() => undefined);
  throw new TypeError('A fact is a promise: facts are synchronous.');
}
