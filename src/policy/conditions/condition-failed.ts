/**
 * A condition that could not be evaluated: it is neither true nor false. An allow rule with it does not allow, a deny
 * rule with it denies.
 */
export class ConditionFailed extends Error {
  override readonly name = 'ConditionFailed';
}
