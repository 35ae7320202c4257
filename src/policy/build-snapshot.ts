import { actionOf, type SchemaCoordinates } from '../core/coordinate.ts';
import { isCoordinate } from '../core/names.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Principal } from '../core/principal.ts';
import { canGiveByAbsence } from './authority/can-give-by-absence.ts';
import { canGiveByPresence } from './authority/can-give-by-presence.ts';
import { gainsFinder } from './authority/find-gains.ts';
import { namedUsersOf } from './authority/named-users.ts';
import type { Climb } from './closure.ts';
import { openFailureLog } from './condition-failures.ts';
import { RequestConditions } from './conditions-of-request.ts';
import type { Decisions, RequestEnvironment } from './decision.ts';
import { type DecisionsNeeds, RequestDecisions } from './decisions.ts';
import { renderExplanation } from './explain.ts';
import type { LoadedPolicy } from './loaded-policy.ts';
import { indexObjects } from './objects.ts';
import { openRuleDesk } from './rule-desk.ts';
import { buildRuleMatcher } from './rule-matcher.ts';
import type { PolicyRows } from './rule.ts';
import type { PolicySnapshot } from './snapshot.ts';
import { indexSubjects } from './subjects.ts';
import { standingRemedies } from './remedies.ts';
import { createPermissionTables } from './tables/permission-tables.ts';

interface Needs {
  readonly schema: SchemaCoordinates;
  /** The most bytes that tables of permission sets take; `defaultTableBytes` where nothing is said. */
  readonly tableBytes?: number;
  readonly clock: Clock;
  readonly log: Log;
}

export const defaultTableBytes = 64 * 1024 * 1024;

/** Compiles rows that a loader has accepted. `version` is the digest of what they were loaded from. */
export async function buildSnapshot(
  loaded: LoadedPolicy,
  version: string,
  needs: Needs,
): Promise<PolicySnapshot> {
  const { rows, findings, conditions } = loaded;
  if (findings.some((finding) => finding.severity === 'error'))
    throw new Error('A refused policy cannot decide.');
  const subjects = indexSubjects(rows.memberships);
  const objects = indexObjects(loaded, needs.schema);
  const matcher = await buildRuleMatcher(loaded, objects);
  const failures = openFailureLog(needs);
  const coordinates = [...needs.schema.coordinates];
  const tableBytes = needs.tableBytes ?? defaultTableBytes;
  const tables = createPermissionTables({
    coordinates,
    rules: rows.rules,
    subjects,
    names: (subject, coordinate) =>
      matcher.find({
        subject,
        object: coordinate,
        action: actionOf(coordinate),
        subjects: new Set([subject]),
      }).length > 0,
    defaultMatcher: loaded.defaultMatcher,
    most: tableBytes,
  });
  const desk = openRuleDesk({ matcher, conditions, policyVersion: version });
  const authenticated = new Set(subjects.above('authenticated').keys());
  const shared: DecisionsNeeds = {
    policyVersion: version,
    desk,
    conditions,
    remedies: standingRemedies({
      objects,
      coordinates: needs.schema.coordinates,
      authenticated,
      conditions,
    }),
    coordinates: needs.schema.coordinates,
    numbers: new Map(coordinates.map((coordinate, number) => [coordinate, number])),
    failures,
    log: needs.log,
  };

  function attempt<Found>(find: () => Found): Found | null {
    try {
      return find();
    } catch (error) {
      needs.log.error(
        { event: 'decision.failed', err: error, policyVersion: version },
        'A principal cannot be decided: everything is denied.',
      );
      return null;
    }
  }
  const findClimb = (principal: Principal): Climb | null => attempt(() => subjects.climbFrom(principal));

  const decisionsFor = (principal: Principal, environment: RequestEnvironment): Decisions =>
    new RequestDecisions(
      shared,
      principal,
      attempt(() => tables.setOf(principal)),
      environment,
    );

  const subjectsOf = (principal: Principal): ReadonlySet<string> => new Set(findClimb(principal)?.keys());

  return {
    version,
    rows,
    findings,
    coverage: objects.coverage,
    groups: groupsOf(rows),
    permissions: objects.permissions,
    failedConditions: failures.counts,
    subjectsOf,
    decisionsFor,
    tables: () => ({ ...tables.size, most: tableBytes, asked: desk.asked }),
    namedUsers: namedUsersOf(loaded),
    findGains: gainsFinder({ matcher, loaded, schema: needs.schema, objects, subjectsOf }),
    canGiveByAbsence: (subject) => canGiveByAbsence(new Set(subjects.above(subject).keys()), loaded),
    canGiveByPresence: (subject) =>
      canGiveByPresence(new Set(subjects.above(subject).keys()), authenticated, loaded),
    explain(principal, coordinate, environment, context) {
      const found = findClimb(principal);
      const decisions = decisionsFor(principal, environment);
      const decided =
        context === null ? decisions.preview(coordinate) : decisions.decide(coordinate, context);
      const reached: Climb = found ?? new Map<string, null>();
      const asked = new RequestConditions(shared, principal, new Set(reached.keys()), environment);
      const candidates = isCoordinate(coordinate) ? objects.rulesOver(coordinate) : [];
      return renderExplanation(decided, reached, candidates, context, asked);
    },
  };
}

/** Bare names of every group that a row names, sorted. */
function groupsOf(rows: PolicyRows): readonly string[] {
  const subjects = [
    ...rows.memberships.flatMap((row) => [row.member, row.group]),
    ...rows.rules.map((rule) => rule.subject),
  ];
  const groups = subjects
    .filter((name) => name.startsWith('group:'))
    .map((name) => name.slice('group:'.length));
  return [...new Set(groups)].sort();
}
