import type { FormField } from '../../authenticators/authenticator.ts';
import { loginPath } from '../paths.ts';
import { renderForm } from './form-page.ts';
import { renderPage } from './layout.ts';

export interface LoginPage {
  readonly fields: readonly FormField[];
  readonly token: string;
  /** Where to go afterwards, checked. */
  readonly next: string;
  /** What was typed before, by field name. */
  readonly typed: Readonly<Record<string, string>>;
  readonly error: string | null;
  /** The username of whoever is logged in already. */
  readonly loggedInAs: string | null;
  /** Shown to somebody who comes here after something went well. */
  readonly notice: string | null;
}

/** The field that says where to go after the login. */
export const nextField = '_next';

export const renderLoginPage = (page: LoginPage): string =>
  renderPage({
    title: page.error === null ? 'Log in' : 'Error: Log in',
    heading: 'Log in',
    ...(page.notice !== null
      ? { lead: page.notice }
      : page.loggedInAs !== null
        ? { lead: `You are logged in as ${page.loggedInAs}. Logging in again begins a new session.` }
        : {}),
    content: renderForm({
      action: loginPath,
      submit: 'Log in',
      token: page.token,
      hidden: { [nextField]: page.next },
      error: page.error,
      fields: page.fields.map(({ name, label, type, autocomplete }) => ({
        name,
        label,
        type,
        autocomplete,
        required: true,
        ...(page.typed[name] === undefined ? {} : { value: page.typed[name] }),
      })),
    }),
  });
