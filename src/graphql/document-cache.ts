/**
 * Parsed documents by their text, so that a client's usual operations are parsed and validated once. Documents come from
 * anybody, so it is bounded in all that they could be: many, long, or both.
 */
export interface DocumentCache<Value> {
  get(text: string): Value | undefined;
  set(text: string, value: Value): void;
}

export interface CacheLimits {
  /** How many it keeps. */
  readonly documents: number;
  /** Characters of one; a longer one is not kept. */
  readonly length: number;
  /** Characters of all that are kept. */
  readonly total: number;
}

/**
 * Half of it is for documents that were asked for once, the other half for those that came again. So a flood of documents
 * that nobody sends twice drives out others of its kind alone. In each half the one that was not used for longest goes first.
 */
export function createDocumentCache<Value>({ documents, length, total }: CacheLimits): DocumentCache<Value> {
  const half = { documents: Math.ceil(documents / 2), total: Math.ceil(total / 2) };
  const once = createShelf<Value>(half);
  const again = createShelf<Value>(half);
  return {
    get(text) {
      const known = again.take(text) ?? once.take(text);
      if (known !== undefined) again.put(text, known);
      return known;
    },
    set(text, value) {
      if (text.length <= length) once.put(text, value);
    },
  };
}

interface Shelf<Value> {
  take(text: string): Value | undefined;
  put(text: string, value: Value): void;
}

/** Keeps values in the order of their last use. */
function createShelf<Value>({ documents, total }: Omit<CacheLimits, 'length'>): Shelf<Value> {
  const values = new Map<string, Value>();
  let characters = 0;
  function take(text: string): Value | undefined {
    const value = values.get(text);
    if (value !== undefined && values.delete(text)) characters -= text.length;
    return value;
  }
  return {
    take,
    put(text, value) {
      take(text);
      values.set(text, value);
      characters += text.length;
      for (const oldest of values.keys()) {
        if (values.size <= documents && characters <= total) break;
        take(oldest);
      }
    },
  };
}
