import type Koa from 'koa';
import type { ErrorCode } from '../core/errors.ts';
import type { Principal } from '../core/principal.ts';
import type { Decisions, RequestEnvironment } from '../policy/decision.ts';
import type { PolicySnapshot } from '../policy/snapshot.ts';
import type { RequestSession } from '../sessions/sessions.ts';
import type { Form } from './form.ts';

/** What the steps of the middleware table leave for those after them, in the table's order. */
export interface HttpState {
  /** The client, as far as trusted proxies tell. */
  address: string;
  /** Whether the connection is one of our own proxy's, which is believed. */
  trustedPeer: boolean;
  requestId: string;
  /** The request's body as text, unparsed; `null` where it has none. */
  body: string | null;
  /** The fields of a posted form; `null` where none was posted. */
  form: Form | null;
  session: RequestSession;
  principal: Principal;
  /** The one snapshot that decides this request, from its start to its end. */
  snapshot: PolicySnapshot;
  decisions: Decisions;
  /** What decisions look at besides the principal. */
  environment: RequestEnvironment;
  /** Why it was refused, where it was: for those who measure. */
  refusal?: ErrorCode;
}

export type HttpContext = Koa.ParameterizedContext<HttpState>;
export type Step = Koa.Middleware<HttpState>;
