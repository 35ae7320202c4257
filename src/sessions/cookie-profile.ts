import { OperatorError } from '../core/errors.ts';
import { isLoopback } from '../core/loopback.ts';

/** How every cookie of this server is named and marked. It follows from PUBLIC_URL, never from a connection. */
export interface CookieProfile {
  readonly secure: boolean;
  /** The session's cookie. */
  readonly sessionName: string;
  /** The name of another cookie of ours. */
  nameOf(purpose: string): string;
  /** What every cookie is set with, as the `cookies` package takes it. No Domain: the host alone gets it. */
  readonly attributes: {
    readonly httpOnly: true;
    readonly sameSite: 'lax';
    readonly path: '/';
    readonly secure: boolean;
    readonly signed: false;
    readonly overwrite: true;
  };
}

/**
 * https gives `__Host-` names and Secure cookies; http gives plain names, and only to a loopback host: browsers drop a
 * `__Host-` cookie without Secure, and a session over open http is anybody's.
 * @throws OperatorError for http on any other host.
 */
export function cookieProfile(publicUrl: URL): CookieProfile {
  const secure = publicUrl.protocol === 'https:';
  if (!secure && !isLoopback(publicUrl)) {
    throw new OperatorError(
      `PUBLIC_URL is ${publicUrl.origin}: over http a login can be read by everybody on the way. ` +
        'Give an https address, or http://localhost for development.',
    );
  }
  const prefix = secure ? '__Host-portcullis' : 'portcullis';
  return {
    secure,
    sessionName: prefix,
    nameOf: (purpose) => `${prefix}-${purpose}`,
    attributes: { httpOnly: true, sameSite: 'lax', path: '/', secure, signed: false, overwrite: true },
  };
}
