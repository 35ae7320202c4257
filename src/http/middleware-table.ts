import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { IsTrusted } from './client-address.ts';
import type { FormTokens } from './form-token.ts';
import { type ObserveRequest, unobserved } from './observe-request.ts';
import type { Step } from './state.ts';
import { accessLog } from './steps/access-log.ts';
import { body } from './steps/body.ts';
import { clientAddress } from './steps/client-address.ts';
import { cors } from './steps/cors.ts';
import { refuseCrossSite } from './steps/cross-site.ts';
import { errorShield } from './steps/error-shield.ts';
import { formToken } from './steps/form-token.ts';
import { knownMethods } from './steps/methods.ts';
import { observation } from './steps/observation.ts';
import { principal, type PrincipalNeeds } from './steps/principal.ts';
import { requestId } from './steps/request-id.ts';
import { requestTarget } from './steps/request-target.ts';
import { securityHeaders } from './steps/security-headers.ts';

export interface TableNeeds extends PrincipalNeeds {
  readonly isTrusted: IsTrusted;
  readonly publicUrl: URL;
  readonly corsOrigins: ReadonlySet<string>;
  readonly bodyLimit: number;
  readonly tokens: FormTokens;
  readonly session: Step;
  /** Health and assets. */
  readonly openRoutes: Step;
  readonly routes: Step;
  readonly allowedMethods: Step;
  readonly observe?: ObserveRequest;
  readonly clock: Clock;
  readonly log: Log;
}

export interface NamedStep {
  readonly name: string;
  readonly reason: string;
  readonly step: Step;
}

/** What every request goes through, in this order. A test pins it. */
export const middlewareTable = (needs: TableNeeds): readonly NamedStep[] => [
  {
    name: 'request target',
    reason: 'Every step below asks for the path.',
    step: requestTarget,
  },
  {
    name: 'client address',
    reason: 'Logs, throttles and conditions speak of the client, so it is settled first.',
    step: clientAddress(needs.isTrusted),
  },
  {
    name: 'request id',
    reason: 'Every record and every refusal names it.',
    step: requestId(needs.clock),
  },
  {
    name: 'observation',
    reason: 'Measures and traces everything below, refusals too.',
    step: observation(needs.observe ?? unobserved),
  },
  {
    name: 'access log',
    reason: 'Sees the status that was really sent.',
    step: accessLog(needs.log, needs.clock),
  },
  { name: 'security headers', reason: 'Refusals carry them too.', step: securityHeaders(needs.publicUrl) },
  { name: 'error shield', reason: 'Around everything that can fail.', step: errorShield(needs.log) },
  { name: 'methods', reason: 'Nothing below meets a method it does not know.', step: knownMethods },
  {
    name: 'open routes',
    reason: 'Health and assets need no session, hence no database.',
    step: needs.openRoutes,
  },
  {
    name: 'cors',
    reason: 'Answers preflights, and marks refusals so that an allowed page can read them.',
    step: cors(needs.corsOrigins),
  },
  {
    name: 'cross-site',
    reason: "Another site's request is refused before its body or its cookie is looked at.",
    step: refuseCrossSite(needs.publicUrl, needs.corsOrigins),
  },
  {
    name: 'body',
    reason: 'Bounded in size and form before anything is asked of the database.',
    step: body(needs.bodyLimit),
  },
  { name: 'session', reason: 'One statement: session, account, groups, policy epoch.', step: needs.session },
  {
    name: 'principal',
    reason: 'Who this is, and the one snapshot that decides the request.',
    step: principal(needs),
  },
  { name: 'form token', reason: 'Needs the session; no route can forget it.', step: formToken(needs.tokens) },
  { name: 'routes', reason: 'Everything before has happened.', step: needs.routes },
  {
    name: 'allowed methods',
    reason: 'Tells a wrong method from a wrong address.',
    step: needs.allowedMethods,
  },
];
