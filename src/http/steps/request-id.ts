import { newId } from '../../core/ids.ts';
import type { Clock } from '../../core/clock.ts';
import { type IsTrusted, parseAddress } from '../client-address.ts';
import type { Step } from '../state.ts';

const wellFormed = /^[A-Za-z0-9._-]{8,64}$/;

/** Our own id, or the one that a trusted proxy gave: an outsider must not write into our logs. */
export const requestId =
  (isTrusted: IsTrusted, clock: Clock): Step =>
  async (ctx, next) => {
    const peer = parseAddress(ctx.req.socket.remoteAddress ?? '');
    const given = ctx.get('x-request-id');
    const believed = peer !== null && isTrusted(peer) && wellFormed.test(given);
    ctx.state.requestId = believed ? given : newId(clock);
    ctx.set('x-request-id', ctx.state.requestId);
    await next();
  };
