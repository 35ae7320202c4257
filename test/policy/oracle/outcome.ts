import { inspect } from 'node:util';

/** What came of a call. */
export type Outcome<T> =
  { readonly threw: false; readonly answer: T } | { readonly threw: true; readonly error: unknown };

export function outcomeOf<T>(call: () => T): Outcome<T> {
  try {
    return { threw: false, answer: call() };
  } catch (error) {
    return { threw: true, error };
  }
}

export async function outcomeOfPromise<T>(call: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { threw: false, answer: await call() };
  } catch (error) {
    return { threw: true, error };
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const show = (value: unknown): string => inspect(value, { depth: 4, breakLength: Infinity });

export const showOutcome = (outcome: Outcome<unknown>): string =>
  outcome.threw ? `throws ${messageOf(outcome.error)}` : show(outcome.answer);
