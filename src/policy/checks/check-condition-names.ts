import type { Coordinate } from '../../core/coordinate.ts';
import { isRegisteredMethod } from '../conditions/functions/via.ts';
import type { Declarations } from '../declarations.ts';
import type { PolicyUnderCheck } from './policy-under-check.ts';
import { fault, placeOf, type Report } from './report.ts';

/**
 * What a condition reads of arguments and objects is declared for a coordinate that its rule can match. Where a rule
 * matches several and only some declare it, the condition fails at the others.
 */
export function checkConditionNames(
  { rows, conditions, declarations, targets }: PolicyUnderCheck,
  report: Report,
): void {
  const declaredFor = rememberBySet((coordinates) => findDeclared(coordinates, declarations));
  for (const { object, action, condition, provenance } of rows.rules) {
    const unit = condition === null ? undefined : conditions.get(condition);
    const coordinates = targets(object, action);
    if (unit === undefined || coordinates.size === 0) continue;
    const declared = declaredFor(coordinates);
    const refuse = (what: string, name: string, known: ReadonlySet<string>): void => {
      const remedy =
        known.size === 0
          ? 'There is none to look at here.'
          : `Take one of: ${[...known].sort().slice(0, 10).join(', ')}.`;
      report.add(placeOf(provenance), fault('condition-name', `${object} has no ${what} ${name}.`, remedy));
    };
    for (const name of unit.args) if (!declared.args.has(name)) refuse('argument', name, declared.args);
    for (const name of unit.facts) if (!declared.facts.has(name)) refuse('fact', name, declared.facts);
    for (const method of unit.methods) {
      if (isRegisteredMethod(method)) continue;
      report.add(
        placeOf(provenance),
        fault(
          'unknown-method',
          `RFC 8176 registers no method ${method}.`,
          'Check that one of your authenticators says it.',
        ),
      );
    }
  }
}

interface Declared {
  readonly args: ReadonlySet<string>;
  readonly facts: ReadonlySet<string>;
}

function findDeclared(coordinates: ReadonlySet<Coordinate>, { args, acts, facts }: Declarations): Declared {
  const found = { args: new Set<string>(), facts: new Set<string>() };
  for (const coordinate of coordinates) {
    const type = acts.get(coordinate) ?? coordinate.slice(0, coordinate.indexOf('.'));
    for (const name of args.get(coordinate) ?? []) found.args.add(name);
    for (const name of Object.hasOwn(facts, type) ? (facts[type] ?? []) : []) found.facts.add(name);
  }
  return found;
}

function rememberBySet<T>(
  find: (coordinates: ReadonlySet<Coordinate>) => T,
): (coordinates: ReadonlySet<Coordinate>) => T {
  const known = new Map<ReadonlySet<Coordinate>, T>();
  return (coordinates) => {
    const found = known.get(coordinates) ?? find(coordinates);
    known.set(coordinates, found);
    return found;
  };
}
