import type { SchemaCoordinates } from '../core/coordinate.ts';
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
import { buildEnforcer } from './enforcer.ts';
import { renderExplanation } from './explain.ts';
import type { LoadedPolicy } from './loaded-policy.ts';
import { indexObjects } from './objects.ts';
import type { PolicyRows } from './rule.ts';
import type { PolicySnapshot } from './snapshot.ts';
import { indexSubjects } from './subjects.ts';
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
  const failures = openFailureLog(needs);
  const coordinates = [...needs.schema.coordinates];
  const tables = createPermissionTables({
    coordinates,
    rules: rows.rules,
    subjects,
    covers: (rule, coordinate) => objects.covers(rule, coordinate),
    defaultMatcher: loaded.defaultMatcher,
    most: needs.tableBytes ?? defaultTableBytes,
  });
  const shared: DecisionsNeeds = {
    policyVersion: version,
    enforcer: await buildEnforcer(loaded, objects),
    conditions,
    objects,
    coordinates: needs.schema.coordinates,
    numbers: new Map(coordinates.map((coordinate, number) => [coordinate, number])),
    authenticated: new Set(subjects.above('authenticated').keys()),
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
    tables: () => tables.size,
    namedUsers: namedUsersOf(loaded),
    findGains: gainsFinder({ ...shared, loaded, schema: needs.schema, objects, subjectsOf }),
    canGiveByAbsence: (subject) => canGiveByAbsence(new Set(subjects.above(subject).keys()), loaded),
    canGiveByPresence: (subject) =>
      canGiveByPresence(new Set(subjects.above(subject).keys()), shared.authenticated, loaded),
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
