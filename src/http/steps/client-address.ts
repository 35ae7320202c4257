import type { Socket } from 'node:net';
import { findClientAddress, parseAddress, type IsTrusted } from '../client-address.ts';
import type { Step } from '../state.ts';

/** Who is at the other end of a connection: the same for all its requests. */
interface Peer {
  readonly address: string;
  readonly trusted: boolean;
}

export const clientAddress = (isTrusted: IsTrusted): Step => {
  const peers = new WeakMap<Socket, Peer>();
  const peerOf = (socket: Socket): Peer => {
    let peer = peers.get(socket);
    if (peer === undefined) {
      const address = parseAddress(socket.remoteAddress ?? '');
      peer = {
        address: address === null ? 'unknown' : address.toString(),
        trusted: address !== null && isTrusted(address),
      };
      peers.set(socket, peer);
    }
    return peer;
  };
  return (ctx, next) => {
    const { socket, headers } = ctx.req;
    const { address, trusted } = peerOf(socket);
    const forwarded = headers['x-forwarded-for'] ?? '';
    ctx.state.trustedPeer = trusted;
    ctx.state.address = trusted ? findClientAddress(address, String(forwarded), isTrusted) : address;
    return next();
  };
};
