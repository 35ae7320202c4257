import { PortcullisError } from '../core/errors.ts';
import { newToken } from '../core/ids.ts';
import { sameSecret } from '../core/secret.ts';
import type { SealedCookie } from '../sessions/sealed-cookie.ts';
import type { HttpContext } from './state.ts';

/** The CSRF tokens of hosted forms: the session's while somebody is logged in, else the sealed cookie's. */
export interface FormTokens {
  /** The token for a form of this page; a visitor's cookie is made or prolonged. */
  issue(ctx: HttpContext): Promise<string>;
  /** @throws CSRF_REJECTED unless the posted form carries this browser's token. */
  check(ctx: HttpContext): Promise<void>;
  /** Forgets the visitor's token, once a session has one of its own. */
  clear(ctx: HttpContext): void;
}

/** The form's field. The underscore keeps it apart from an authenticator's own fields. */
export const tokenField = '_csrf';

export function createFormTokens(visitor: SealedCookie): FormTokens {
  const current = async (ctx: HttpContext): Promise<string | null> => {
    const token = ctx.state.session.csrf ?? (await visitor.read(ctx))?.['csrf'];
    return typeof token === 'string' ? token : null;
  };
  return {
    async issue(ctx) {
      const token = (await current(ctx)) ?? newToken();
      if (ctx.state.session.csrf === null) await visitor.write(ctx, { csrf: token });
      return token;
    },
    async check(ctx) {
      const [expected, sent] = [await current(ctx), ctx.state.form?.[tokenField]];
      if (expected === null || sent === undefined || !sameSecret(expected, sent)) {
        throw new PortcullisError('CSRF_REJECTED', {
          message: 'This page was open for too long, or you logged in or out meanwhile. Open it again.',
          detail: expected === null ? 'no token for this browser' : 'another token',
        });
      }
    },
    clear: (ctx) => {
      visitor.clear(ctx);
    },
  };
}
