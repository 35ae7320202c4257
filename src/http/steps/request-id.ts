import { newId } from '../../core/ids.ts';
import type { Clock } from '../../core/clock.ts';
import type { Step } from '../state.ts';

const wellFormed = /^[A-Za-z0-9._-]{8,64}$/;

/** Our own id, or the one that a trusted proxy gave: an outsider must not write into our logs. */
export const requestId =
  (clock: Clock): Step =>
  (ctx, next) => {
    const given = ctx.state.trustedPeer ? ctx.get('x-request-id') : '';
    const id = wellFormed.test(given) ? given : newId(clock);
    ctx.state.requestId = id;
    ctx.res.setHeader('x-request-id', id);
    return next();
  };
