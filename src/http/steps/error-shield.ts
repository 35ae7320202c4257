import { PortcullisError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { answerError } from '../answer-error.ts';
import type { HttpContext, HttpState, Step } from '../state.ts';

/** Every failure ends here: what a caller may see of it is answered, what an operator must know of it is logged. */
export const errorShield =
  (log: Log): Step =>
  async (ctx, next) => {
    try {
      await next();
    } catch (thrown) {
      const error = publicErrorOf(thrown);
      record(log, ctx, error);
      answerError(ctx, error);
      return;
    }
    // A route that is not there, or not with this method.
    const { status } = ctx;
    if (status === 404 && unanswered(ctx)) answerError(ctx, new PortcullisError('NOT_FOUND'));
    else if ((status === 405 || status === 501) && unanswered(ctx)) answerError(ctx, wrongMethod(ctx));
  };

const unanswered = (ctx: HttpContext): boolean => ctx.body === undefined || ctx.body === null;

/** Whoever found out has set Allow (RFC 9110, section 15.5.6). */
const wrongMethod = (ctx: HttpContext): PortcullisError =>
  new PortcullisError('METHOD_NOT_ALLOWED', {
    message: `This address does not take ${ctx.method}. It takes ${ctx.response.get('allow')}.`,
  });

/** An error of ours as it is; a library's complaint about the request as our own; anything else is masked. */
function publicErrorOf(thrown: unknown): PortcullisError {
  if (thrown instanceof PortcullisError) return thrown;
  const status = thrown instanceof Error && 'status' in thrown ? thrown.status : undefined;
  return new PortcullisError(status === 400 ? 'BAD_USER_INPUT' : 'INTERNAL', { cause: thrown });
}

function record(log: Log, ctx: HttpContext, error: PortcullisError): void {
  ctx.state.refusal = error.code;
  const { requestId, address } = ctx.state;
  const fields = {
    event: 'http.refused',
    requestId,
    address,
    code: error.code,
    detail: error.detail,
    policyVersion: versionOf(ctx.state),
  };
  if (error.status >= 500) log.error({ ...fields, err: error.cause ?? error }, error.message);
  else if (error.status === 403) log.warn(fields, error.message);
  else log.debug(fields, error.message);
}

/** The policy that decided, where the request came that far. */
const versionOf = ({ snapshot }: Partial<HttpState>): string | undefined => snapshot?.version;
