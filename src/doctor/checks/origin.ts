import type { Settings } from '../../config/settings.ts';
import { OperatorError } from '../../core/errors.ts';
import { cookieProfile } from '../../sessions/cookie-profile.ts';
import type { Check } from '../check.ts';
import { good, problemsOf, type Verdict, warning } from '../verdict.ts';

export const origin: Check = {
  name: 'origin',
  title: 'Origin and cookies',
  reason: 'Links, cookies and origin checks follow from PUBLIC_URL: a wrong one is a login that never lasts.',
  needs: ['publicUrl'],
  inspect({ settings }) {
    try {
      return inspectOrigin(settings);
    } catch (error) {
      if (error instanceof OperatorError) return problemsOf(error);
      throw error;
    }
  },
};

function inspectOrigin({ mode, publicUrl }: Settings): readonly Verdict[] {
  const { sessionName, secure } = cookieProfile(publicUrl);
  return [
    good(
      `Browsers use ${publicUrl.origin}. The session's cookie is ${sessionName}: HttpOnly, SameSite=Lax, ` +
        `Path=/${secure ? ', Secure' : ', not Secure: http is for this machine alone'}.`,
    ),
    ...(secure
      ? [good('The server itself speaks http: a proxy in front ends TLS and forwards to it.')]
      : mode === 'production'
        ? [
            warning(
              `Production on ${publicUrl.origin}: only browsers on this machine can log in.`,
              'Give the https address that people use as PUBLIC_URL.',
            ),
          ]
        : []),
  ];
}
