import { setTimeout as sleep } from 'node:timers/promises';
import { PortcullisError } from '../core/errors.ts';
import type { GrantSource } from './engine.ts';
import type { PolicyRows } from './rule.ts';

export interface Grants {
  readonly epoch: number;
  readonly rows: PolicyRows;
}

/** The store gives up after 2 seconds by itself; a source that does not is not waited for. */
const defaultDeadlineMs = 5_000;

/** @throws {PortcullisError} UNAVAILABLE where the grants can't be had: nobody is decided by stale ones. */
export async function loadGrants(source: GrantSource, deadlineMs = defaultDeadlineMs): Promise<Grants> {
  const done = new AbortController();
  const late = sleep(deadlineMs, undefined, { signal: done.signal, ref: false }).then(() => {
    throw new Error(`The grants did not load within ${deadlineMs} ms.`);
  });
  try {
    return await Promise.race([source.load(), late]);
  } catch (cause) {
    throw new PortcullisError('UNAVAILABLE', {
      detail: 'The grants of the policy could not be loaded.',
      cause,
    });
  } finally {
    done.abort();
    late.catch(() => undefined);
  }
}

/** Those of `known` that still are among `fresh`; `null` where all are. */
export function keepGiven(known: PolicyRows, fresh: PolicyRows): PolicyRows | null {
  const given = new Set(rowsOf(fresh).map((row) => JSON.stringify(row)));
  const isGiven = (row: PolicyRow): boolean => given.has(JSON.stringify(row));
  if (rowsOf(known).every(isGiven)) return null;
  return {
    rules: known.rules.filter(isGiven),
    memberships: known.memberships.filter(isGiven),
    coverage: known.coverage.filter(isGiven),
  };
}

type PolicyRow = PolicyRows[keyof PolicyRows][number];

const rowsOf = ({ rules, memberships, coverage }: PolicyRows): readonly PolicyRow[] => [
  ...rules,
  ...memberships,
  ...coverage,
];
