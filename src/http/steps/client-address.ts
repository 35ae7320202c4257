import { findClientAddress, type IsTrusted } from '../client-address.ts';
import type { Step } from '../state.ts';

export const clientAddress =
  (isTrusted: IsTrusted): Step =>
  async (ctx, next) => {
    ctx.state.address = findClientAddress(
      ctx.req.socket.remoteAddress ?? '',
      ctx.get('x-forwarded-for'),
      isTrusted,
    );
    await next();
  };
