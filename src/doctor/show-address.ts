import type { Secret } from '../core/secret.ts';
import { isLoopback } from '../core/loopback.ts';

/** Where a connection goes, without what proves us there: no password, and no query, which may hold one too. */
export function showAddress(secret: Secret): string {
  const url = new URL(secret.reveal());
  url.password = '';
  url.search = '';
  url.hash = '';
  return url.href;
}

/** Whether a connection leaves this machine: a Unix socket and a loopback address do not. */
export function isRemote(secret: Secret): boolean {
  const url = new URL(secret.reveal());
  return url.hostname !== '' && !/^%2f/i.test(url.hostname) && !isLoopback(url);
}
