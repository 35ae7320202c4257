/** Everything that an application may import. What is not here is ours to change. */

export { createPortcullis, type Listening, type Portcullis, type ServerOptions } from './server.ts';
export { defineConfig, type PortcullisConfig, type Started } from './config/settings.ts';

export { OperatorError, PortcullisError, type ErrorCode } from './core/errors.ts';
export type { Action, Coordinate } from './core/coordinate.ts';
export { isGroupName } from './core/names.ts';
export type { Log } from './core/log.ts';
export type { Clock } from './core/clock.ts';
export type {
  AnonymousPrincipal,
  AssuranceLevel,
  AuthenticationContext,
  Principal,
  UserPrincipal,
} from './core/principal.ts';

export type { Audit, AuditEntry, AuditStatus } from './audit/audit.ts';
export type { AuditEvent } from './audit/events.ts';
export type { Accounts, NewAccount, NewGrant } from './accounts/accounts.ts';
export { operator, type Actor, type Authority } from './accounts/actor.ts';
export type { ForeignIdentity } from './accounts/foreign-identity.ts';
export type { Origin } from './core/origin.ts';
export type { UserRow } from './store/contract/users.ts';
export type {
  Authenticator,
  AuthenticatorDefinition,
  AuthenticatorNeeds,
  Diagnosis,
  FormCapability,
  FormField,
  Identification,
  PassportStrategy,
  RedirectCapability,
} from './authenticators/authenticator.ts';
export type { RedirectRequest, StrategyRequest } from './authenticators/request.ts';

export { defineModule, type Module, type ModuleDefinition } from './graphql/module.ts';
export type { Context, Load, RequestActions, RequestState } from './graphql/context.ts';
export type { CoreServices } from './graphql/modules/core-services.ts';
export { buildGuardedSchema } from './graphql/build-schema.ts';
export { pageOf, pageOfList, type Connection, type PageArguments } from './graphql/pagination.ts';
export type { Cursors } from './graphql/cursors.ts';
export { renderStructurePolicy } from './graphql/structure-policy.ts';
export { guardSchema } from './graphql/guard/guard-schema.ts';
export { executeGuarded } from './graphql/guard/execute-guarded.ts';
export type { DeniedField, RecordDenial } from './graphql/guard/denied-field.ts';
export type { GuardedSchema } from './graphql/guard/guarded-schema.ts';

export {
  nothingStands,
  type Decision,
  type DecisionContext,
  type Decisions,
  type Preview,
  type Remedy,
  type Standing,
} from './policy/decision.ts';
export type { PolicyEngine, PolicyStatus } from './policy/engine.ts';
export type { Finding } from './policy/finding.ts';
export type { Rule } from './policy/rule.ts';
export type { PolicySnapshot } from './policy/snapshot.ts';
