import { html } from './html.ts';
import { renderPage } from './layout.ts';

export interface SentOnPage {
  readonly title: string;
  /** Why the browser is sent on, in a sentence. */
  readonly lead: string;
  readonly url: URL;
  /** What the link says, for browsers that do not go by themselves. */
  readonly link: string;
}

export const renderSentOnPage = ({ title, lead, url, link }: SentOnPage): string =>
  renderPage({
    title,
    lead,
    sendTo: url,
    content: html`<div class="actions">
        <a class="button" href="${url.href}" rel="noreferrer">${link}</a>
      </div>
      <p class="fine">${url.host}</p>`,
  });
