import { DatabaseFault } from '../store/failures.ts';
import type { AuditRow } from '../store/contract/audit.ts';

interface Needs {
  append(rows: readonly AuditRow[]): Promise<void>;
  onUnwritable(row: AuditRow, error: unknown): void;
  /** How many times in a row these rows have failed before. */
  readonly failures: number;
}

/** Classes of SQLSTATE that blame the data, not the moment: data exception, integrity, a limit of the program. */
const blamesData = /^(?:22|23|54)/;

/** What a driver throws of itself may be of the moment, as when its connection dies under it: not at first. */
const patience = 3;

function isUnwritable(error: unknown, failures: number): boolean {
  if (error instanceof DatabaseFault) return blamesData.test(error.code ?? '');
  return (error instanceof TypeError || error instanceof RangeError) && failures >= patience;
}

/**
 * Appends rows. Where the database will take the batch never, halves of it are tried apart, down to the one row that is to
 * blame: it is told of and left out, so that it does not stop all that come after it.
 * Rejects where the rows should be tried again: some of them may have been written by then.
 */
export async function appendApart(rows: readonly AuditRow[], needs: Needs): Promise<void> {
  try {
    await needs.append(rows);
  } catch (error) {
    const [first] = rows;
    if (!isUnwritable(error, needs.failures) || first === undefined) throw error;
    if (rows.length === 1) {
      needs.onUnwritable(first, error);
      return;
    }
    const half = Math.ceil(rows.length / 2);
    await appendApart(rows.slice(0, half), needs);
    await appendApart(rows.slice(half), needs);
  }
}
