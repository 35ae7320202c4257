import { type Html, html } from './html.ts';

/** What went wrong, announced, and in focus: nobody has to look for it. */
export const renderAlert = (message: string, id = 'page-error'): Html =>
  html`<div class="error" id="${id}" role="alert" tabindex="-1" autofocus>${message}</div>`;
