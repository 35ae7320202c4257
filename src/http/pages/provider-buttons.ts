import { tokenField } from '../form-token.ts';
import { type Html, html } from './html.ts';

/** One form for each: where it posts to, and what its button says. */
export interface ProviderButton {
  readonly action: string;
  readonly says: string;
}

/** Buttons that send the browser on to somebody else who knows the person. */
export const renderProviderButtons = ({
  buttons,
  hidden,
  token,
}: {
  readonly buttons: readonly ProviderButton[];
  /** Besides the CSRF token. */
  readonly hidden: Readonly<Record<string, string>>;
  readonly token: string;
}): Html =>
  html`<div class="providers">
    ${buttons.map(
      ({ action, says }) =>
        html`<form method="post" action="${action}">
          <input type="hidden" name="${tokenField}" value="${token}" />
          ${Object.entries(hidden).map(
            ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
          )}
          <button class="quiet" type="submit">${says}</button>
        </form>`,
    )}
  </div>`;
