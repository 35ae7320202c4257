import type { OperatorError } from '../core/errors.ts';

/** `ok`: as it should be. `warn`: it works, and wants mending. `fail`: it does not work. `skip`: nobody could look. */
export type Mark = 'ok' | 'warn' | 'fail' | 'skip';

/** What came of looking at one thing. It holds no secret: it is printed as it stands. */
export interface Verdict {
  readonly mark: Mark;
  /** What it is, in one sentence. */
  readonly message: string;
  /** What to do; `null` where there is nothing to do, or the message says it. */
  readonly remedy: string | null;
}

/** Messages of others come in lines. */
const inOneLine = (text: string): string => text.trim().replace(/\s*[\r\n]\s*/g, ' ');

const verdict = (mark: Mark, message: string, remedy: string | null): Verdict => ({
  mark,
  message: inOneLine(message),
  remedy: remedy === null ? null : inOneLine(remedy),
});

export const good = (message: string): Verdict => verdict('ok', message, null);
export const warning = (message: string, remedy: string): Verdict => verdict('warn', message, remedy);
export const problem = (message: string, remedy: string | null): Verdict => verdict('fail', message, remedy);
export const notLookedAt = (message: string): Verdict => verdict('skip', message, null);

/** Its sentences say what to do themselves. */
export const problemsOf = ({ faults }: Pick<OperatorError, 'faults'>): readonly Verdict[] =>
  faults.map((fault) => problem(fault, null));
