import type { Coordinate } from '../../core/coordinate.ts';
import { showProvenance, type MembershipRow, type Rule } from '../rule.ts';
import type { PolicyUnderCheck } from './policy-under-check.ts';
import { fault, placeOf, type Report } from './report.ts';

/** For one subject, by coordinate: the widest unconditional rule about it, the earlier of two alike. */
type Widest = Map<string, Map<Coordinate, { readonly rule: Rule; readonly size: number }>>;

/** Allow rules of the files that change nothing: all that they speak of is decided by unconditional rules anyhow. */
export function checkNeverDecides({ rows, targets, defaultMatcher }: PolicyUnderCheck, report: Report): void {
  if (!defaultMatcher) return;
  const widest: Readonly<Record<Rule['effect'], Widest>> = { allow: new Map(), deny: new Map() };
  const rules = rows.rules.filter(({ provenance }) => provenance.kind === 'file');
  for (const rule of rules)
    if (rule.condition === null) record(widest[rule.effect], rule, targets(rule.object, rule.action));

  const subjectsFor = findSubjects(rows.memberships);
  for (const rule of rules) {
    const coordinates = [...targets(rule.object, rule.action)];
    if (rule.effect === 'deny' || coordinates.length === 0) continue;
    const subjects = subjectsFor(rule.subject);
    /** Where the rules stand that decide all of it; `null` where some of it is left. */
    const findCovering = (effect: Rule['effect']): string | null => {
      const covering = new Set<Rule>();
      for (const coordinate of coordinates) {
        const ruleOf = (subject: string): Rule | undefined =>
          widest[effect].get(subject)?.get(coordinate)?.rule;
        const subject = subjects.find((each) => ![undefined, rule].includes(ruleOf(each)));
        const found = subject === undefined ? undefined : ruleOf(subject);
        if (found === undefined) return null;
        covering.add(found);
      }
      const places = [...covering].map(({ provenance }) => showProvenance(provenance));
      return places.length > 3 ? [...places.slice(0, 3), '…'].join(', ') : places.join(', ');
    };
    const place = placeOf(rule.provenance);
    const denying = findCovering('deny');
    const allowing = denying === null ? findCovering('allow') : null;
    if (denying !== null) {
      report.add(
        place,
        fault(
          'never-decides',
          `Unconditional deny rules (${denying}) deny everything that this rule allows.`,
          'Delete it, or narrow the deny rules.',
        ),
      );
    } else if (allowing !== null) {
      report.add(
        place,
        fault(
          'never-decides',
          `Wider rules without a condition (${allowing}) allow everything that this rule allows.`,
          'Delete it, or the wider ones.',
        ),
      );
    }
  }
}

function record(widest: Widest, rule: Rule, coordinates: ReadonlySet<Coordinate>): void {
  const ofSubject = widest.get(rule.subject) ?? new Map<Coordinate, { rule: Rule; size: number }>();
  widest.set(rule.subject, ofSubject);
  for (const coordinate of coordinates) {
    if ((ofSubject.get(coordinate)?.size ?? 0) < coordinates.size)
      ofSubject.set(coordinate, { rule, size: coordinates.size });
  }
}

/** Everything that whoever is `subject` counts as for certain. */
function findSubjects(memberships: readonly MembershipRow[]): (subject: string) => readonly string[] {
  const above = new Map<string, string[]>();
  for (const { member, group } of memberships) above.set(member, [...(above.get(member) ?? []), group]);
  const known = new Map<string, readonly string[]>();
  return (subject) => {
    const found = known.get(subject) ?? [...climb(subject, above)];
    known.set(subject, found);
    return found;
  };
}

function climb(subject: string, above: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const seen = new Set([subject, ...(subject.startsWith('user:') ? ['authenticated'] : []), 'everyone']);
  // A Set hands out what is added while it is walked: this loop is the whole search.
  for (const name of seen) for (const group of above.get(name) ?? []) seen.add(group);
  return seen;
}
