import { parse, validate, type ExecutionResult } from 'graphql';
import { systemClock } from '../../src/core/clock.ts';
import { actionOf, type Coordinate } from '../../src/core/coordinate.ts';
import type { Log } from '../../src/core/log.ts';
import { silentLog } from '../../src/core/log.ts';
import { originAs, originWithoutRequest } from '../../src/core/origin.ts';
import { anonymous, type Principal, type UserPrincipal } from '../../src/core/principal.ts';
import { parseUsername } from '../../src/core/names.ts';
import type { RequestActions, RequestState } from '../../src/graphql/context.ts';
import type { RecordDenial } from '../../src/graphql/guard/denied-field.ts';
import { executeGuarded, type ExecutionLimits } from '../../src/graphql/guard/execute-guarded.ts';
import type { GuardedSchema } from '../../src/graphql/guard/guarded-schema.ts';
import {
  nothingStands,
  type Decision,
  type DecisionContext,
  type Decisions,
  type Preview,
  type Remedy,
} from '../../src/policy/decision.ts';
import type { DecisionTally } from '../../src/policy/decision-tally.ts';
import type { PolicySnapshot } from '../../src/policy/snapshot.ts';

/** What a test's policy says of a field; `preview` is asked without a context. */
export interface Says {
  decide(coordinate: Coordinate, context: DecisionContext): boolean;
  preview?(coordinate: Coordinate): 'allow' | 'deny' | 'depends';
  remedy?: Remedy;
  principal?: Principal;
}

/** Decisions by a function, for tests of the guard alone: its contract is the interface. */
export function decisionsBy(says: Says): Decisions {
  const answer = (coordinate: Coordinate, allow: boolean): Decision => ({
    effect: allow ? 'allow' : 'deny',
    coordinate,
    action: actionOf(coordinate),
    reason: allow ? 'allowed' : 'no-rule-allows',
    rules: [],
    policyVersion: 'sha256-0000000000000000',
  });
  return {
    principal: says.principal ?? anonymous,
    standing: nothingStands,
    policyVersion: 'sha256-0000000000000000',
    decide: (coordinate, context) => answer(coordinate, says.decide(coordinate, context)),
    preview: (coordinate): Preview => {
      const effect = says.preview?.(coordinate) ?? 'depends';
      return effect === 'depends'
        ? { effect, coordinate, action: actionOf(coordinate) }
        : answer(coordinate, effect === 'allow');
    },
    remedyFor: () => says.remedy ?? { kind: 'none' },
  };
}

export const allowAll = decisionsBy({ decide: () => true, preview: () => 'allow' });
export const denyAll = decisionsBy({ decide: () => false, preview: () => 'deny' });

/** Everything allowed but these coordinates, whatever the object. */
export const denying = (...denied: readonly Coordinate[]): Decisions =>
  decisionsBy({
    decide: (coordinate) => !denied.includes(coordinate),
    preview: (coordinate) => (denied.includes(coordinate) ? 'deny' : 'allow'),
  });

export function userCalled(name: string): UserPrincipal {
  const username = parseUsername(name)!;
  return {
    kind: 'user',
    subject: `user:${username}`,
    id: `id-of-${name}`,
    username,
    groups: [],
    attributes: {},
    authentication: { authenticator: 'password', amr: ['pwd'], aal: 1, authTime: 0 },
  };
}

const noActions: RequestActions = {
  logIn: () => Promise.reject(new Error('no login here')),
  logOut: () => Promise.reject(new Error('no logout here')),
};

export const stateFor = (decisions: Decisions, more: Partial<RequestState> = {}): RequestState => ({
  requestId: 'request-1',
  origin: originAs(originWithoutRequest('anonymous'), decisions.principal),
  environment: { now: 0, address: null, provable: { amr: [], aal: 1 } },
  principal: decisions.principal,
  decisions,
  snapshot: {} as PolicySnapshot,
  sessionId: null,
  actions: noActions,
  ...more,
});

export const testLimits: ExecutionLimits = { maxCost: 100_000, timeout: 5_000, suggestions: false };

export interface Asking<Services> {
  readonly decisions?: Decisions;
  readonly state?: RequestState;
  readonly services?: Services;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly limits?: Partial<ExecutionLimits>;
  readonly recordDenial?: RecordDenial;
  readonly tally?: DecisionTally;
  readonly log?: Log;
}

/** Executes a valid document, as a server would; answers plain JSON. */
export async function ask<Services>(
  schema: GuardedSchema<Services>,
  source: string,
  asking: Asking<Services> = {},
): Promise<{ data?: Record<string, unknown> | null; errors?: readonly PublicError[] }> {
  const result = await start(schema, source, asking);
  if (Symbol.asyncIterator in result) throw new Error('a stream was answered');
  return JSON.parse(JSON.stringify(result)) as { data: null };
}

export interface PublicError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

export async function start<Services>(
  schema: GuardedSchema<Services>,
  source: string,
  asking: Asking<Services> = {},
): Promise<ExecutionResult | AsyncIterableIterator<ExecutionResult>> {
  const document = parse(source);
  const invalid = validate(schema, document);
  if (invalid.length > 0) throw new Error(invalid.join('\n'));
  return executeGuarded({
    schema,
    document,
    variables: asking.variables,
    operationName: asking.operationName,
    state: asking.state ?? stateFor(asking.decisions ?? allowAll),
    services: asking.services as Services,
    limits: { ...testLimits, ...asking.limits },
    ...(asking.recordDenial === undefined ? {} : { recordDenial: asking.recordDenial }),
    ...(asking.tally === undefined ? {} : { tally: asking.tally }),
    clock: systemClock,
    log: asking.log ?? silentLog,
  });
}

/** A log that keeps its lines. */
export function recordingLog(): Log & {
  readonly lines: { level: string; fields: object; message: string }[];
} {
  const lines: { level: string; fields: object; message: string }[] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields, message });
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
