import { setupPath } from '../paths.ts';
import { renderForm } from './form-page.ts';
import { renderPage } from './layout.ts';

export interface SetupPage {
  /** The CSRF token of the form. */
  readonly token: string;
  /** The one-time link's own token. */
  readonly link: string;
  readonly typed: Readonly<Record<string, string>>;
  readonly error: string | null;
}

export const renderSetupPage = ({ token, link, typed, error }: SetupPage): string =>
  renderPage({
    title: error === null ? 'First administrator' : 'Error: First administrator',
    heading: 'First administrator',
    lead: 'This account may do everything. The link that brought you here works once.',
    content: renderForm({
      action: setupPath,
      submit: 'Make the account',
      token,
      hidden: { token: link },
      error,
      fields: [
        {
          name: 'username',
          label: 'Username',
          type: 'text',
          autocomplete: 'username',
          hint: 'Letters, digits and . _ @ + - make a username.',
          required: true,
          value: typed['username'] ?? '',
        },
        {
          name: 'name',
          label: 'Name',
          type: 'text',
          autocomplete: 'name',
          hint: 'What to call you. You may leave it empty.',
          required: false,
          value: typed['name'] ?? '',
        },
        {
          name: 'password',
          label: 'Password',
          type: 'password',
          autocomplete: 'new-password',
          hint: 'A few words that nobody would guess are better than one word with digits.',
          required: true,
        },
      ],
    }),
  });
