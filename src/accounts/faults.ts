import { PortcullisError } from '../core/errors.ts';

/** Throws BAD_USER_INPUT that tells every fault at once, one sentence each. */
export function checkNoFaults(faults: readonly string[]): void {
  if (faults.length > 0) throw new PortcullisError('BAD_USER_INPUT', { message: faults.join(' ') });
}
