import { html } from './html.ts';
import { renderPage } from './layout.ts';

export interface ErrorPage {
  readonly status: number;
  readonly message: string;
  readonly requestId: string;
  /** Where to try again. */
  readonly retryPath: string | null;
}

const titles: Readonly<Record<number, string>> = {
  401: 'That did not log you in',
  403: 'Not allowed',
  404: 'Nothing here',
  405: 'Not that way',
  409: 'That does not fit',
  413: 'Too large',
  429: 'Not so fast',
  503: 'Not available',
};

export const renderErrorPage = ({ status, message, requestId, retryPath }: ErrorPage): string =>
  renderPage({
    title: titles[status] ?? (status < 500 ? 'That did not work' : 'Our fault'),
    lead: message,
    content: html`<div class="actions">
        ${retryPath === null ? null : html`<a class="button" href="${retryPath}">Try again</a>`}
        <a class="button ${retryPath === null ? '' : 'quiet'}" href="/">Home</a>
      </div>
      <p class="fine">Status ${status}, request <code>${requestId}</code></p>`,
  });
