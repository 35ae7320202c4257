import { OperatorError } from '../core/errors.ts';
import { DatabaseFault } from './failures.ts';
import type { Store } from './store.ts';

/** Says which database can't be used at all, why, and what to do. */
export function unreachable(kind: Store['kind'], error: unknown): OperatorError {
  const reason = error instanceof Error ? error.message : String(error);
  return new OperatorError(
    kind === 'postgresql'
      ? `The database at DATABASE_URL can't be reached: ${reason}. Check that it runs and that the URL is right.`
      : `The embedded database does not answer: ${reason}. Stop every process that uses the data directory, then try again.`,
    new DatabaseFault(error),
  );
}
