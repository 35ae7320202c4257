/**
 * Parsed documents by their text, so that a client's usual operations are parsed and validated once. Bounded in number
 * and in size: documents come from anybody.
 */
export interface DocumentCache<Value> {
  get(text: string): Value | undefined;
  set(text: string, value: Value): void;
}

export function createDocumentCache<Value>(options: {
  documents: number;
  length: number;
}): DocumentCache<Value> {
  const values = new Map<string, Value>();
  return {
    get(text) {
      const value = values.get(text);
      if (value !== undefined) {
        values.delete(text);
        values.set(text, value);
      }
      return value;
    },
    set(text, value) {
      if (text.length > options.length) return;
      values.set(text, value);
      const [oldest] = values.keys();
      if (values.size > options.documents && oldest !== undefined) values.delete(oldest);
    },
  };
}

/** Keeps nothing: faults are cheap to find again, and anybody can make more of them. */
export const noCache: DocumentCache<never> = { get: () => undefined, set: () => undefined };
