import type { FormField } from '../../authenticators/authenticator.ts';
import { loginPath, startPath } from '../paths.ts';
import { renderAlert } from './alert.ts';
import { renderForm } from './form-page.ts';
import { type Html, html } from './html.ts';
import { renderPage } from './layout.ts';
import { renderProviderButtons } from './provider-buttons.ts';

export interface LoginPage {
  /** None where nobody logs in with a form. */
  readonly fields: readonly FormField[];
  /** Others who know people, in order. */
  readonly redirects: readonly { readonly name: string; readonly label: string }[];
  readonly token: string;
  /** Where to go afterwards, checked. */
  readonly next: string;
  /** What was typed before, by field name. */
  readonly typed: Readonly<Record<string, string>>;
  /** What is wrong with what was typed. */
  readonly error: string | null;
  /** What else went wrong. */
  readonly trouble: string | null;
  /** The username of whoever is logged in already. */
  readonly loggedInAs: string | null;
  /** Shown to somebody who comes here after something went well. */
  readonly notice: string | null;
}

/** The fields that say where to go after the login, and that it must be proved again elsewhere too. */
export const nextField = '_next';
export const reauthenticateField = '_reauthenticate';

export function renderLoginPage(page: LoginPage): string {
  const failed = page.error !== null || page.trouble !== null;
  const lead = leadOf(page);
  const [hasForm, hasProviders] = [page.fields.length > 0, page.redirects.length > 0];
  return renderPage({
    title: failed ? 'Error: Log in' : 'Log in',
    heading: 'Log in',
    ...(lead === null ? {} : { lead }),
    content: html`${page.trouble === null ? null : renderAlert(page.trouble)}
    ${hasForm ? renderLoginForm(page) : null}
    ${hasForm && hasProviders ? html`<p class="or"><span>or</span></p>` : null}
    ${hasProviders ? renderProviders(page) : null}`,
  });
}

function leadOf({ notice, loggedInAs }: LoginPage): string | null {
  if (notice !== null) return notice;
  return loggedInAs === null
    ? null
    : `You are logged in as ${loggedInAs}. Prove it again to begin a new session.`;
}

const renderLoginForm = ({ fields, token, next, typed, error, trouble }: LoginPage): Html =>
  renderForm({
    action: loginPath,
    submit: 'Log in',
    token,
    hidden: { [nextField]: next },
    error,
    focus: trouble === null,
    fields: fields.map(({ name, label, type, autocomplete }) => ({
      name,
      label,
      type,
      autocomplete,
      required: true,
      ...(typed[name] === undefined ? {} : { value: typed[name] }),
    })),
  });

const renderProviders = ({ redirects, token, next, loggedInAs }: LoginPage): Html =>
  renderProviderButtons({
    buttons: redirects.map(({ name, label }) => ({ action: startPath(name), says: `Log in with ${label}` })),
    // Whoever is logged in here is probably logged in there: without this, nobody would be asked anything.
    hidden: { [nextField]: next, ...(loggedInAs === null ? {} : { [reauthenticateField]: '1' }) },
    token,
  });
