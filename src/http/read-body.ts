import { setTimeout as wait } from 'node:timers/promises';
import getRawBody from 'raw-body';
import { PortcullisError } from '../core/errors.ts';
import type { HttpContext } from './state.ts';

/** How long a refused upload is read on and thrown away, so that its sender gets to read our answer. */
const lingerMs = 1_000;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The body as text, of at most `limit` bytes, announced or not.
 * @throws PAYLOAD_TOO_LARGE; BAD_USER_INPUT where it is cut short or not UTF-8
 */
export async function readBody(ctx: HttpContext, limit: number): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await getRawBody(ctx.req, { length: ctx.req.headers['content-length'] ?? null, limit });
  } catch (cause) {
    discardRest(ctx);
    if (cause instanceof Error && 'type' in cause && cause.type === 'entity.too.large') {
      throw new PortcullisError('PAYLOAD_TOO_LARGE', {
        message: `The request body is too large: send at most ${limit} bytes.`,
        cause,
      });
    }
    throw new PortcullisError('BAD_USER_INPUT', {
      message: 'The request body did not arrive whole. Send it again.',
      cause,
    });
  }
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new PortcullisError('BAD_USER_INPUT', {
      message: 'The request body is not UTF-8 text. Encode it so.',
      cause,
    });
  }
}

function discardRest(ctx: HttpContext): void {
  ctx.req.resume();
  ctx.res.once('finish', () => {
    void wait(lingerMs, undefined, { ref: false }).then(() => {
      if (!ctx.req.complete) ctx.req.destroy();
    });
  });
}
