import type { FindingCode } from '../checks/catalogue.ts';
import { fault, type Fault } from '../checks/report.ts';

/** Why an expression is not accepted. Thrown while its tree is walked, caught where the walk began. */
export class ConditionRefused extends Error {
  override readonly name = 'ConditionRefused';
  readonly fault: Fault;

  constructor(code: FindingCode, message: string, remedy: string) {
    super(message);
    this.fault = fault(code, message, remedy);
  }
}
