import { fault, type Fault } from '../checks/report.ts';

/**
 * Why stock casbin would read another condition from the same column, or none. Of a column that CSV has unquoted already
 * it takes enclosing quotes off again and halves doubled ones, and it joins columns until their round brackets balance,
 * those in strings counted.
 */
export function findUnplainness(condition: string): Fault | null {
  if ((condition.startsWith('"') && condition.endsWith('"')) || condition.includes('""')) {
    return fault(
      'condition-not-plain',
      'Plain casbin takes its double quotes off twice.',
      "Write strings with single quotes: 'sales'.",
    );
  }
  return condition.split('(').length === condition.split(')').length
    ? null
    : fault(
        'condition-not-plain',
        'Its round brackets do not balance.',
        'Close each bracket; strings may not hold a lone one.',
      );
}
