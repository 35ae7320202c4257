import { pageAssets } from '../assets.ts';
import { type Html, html, trusted } from './html.ts';

export interface Page {
  /** The document's title; the heading unless `heading` says otherwise. */
  readonly title: string;
  readonly heading?: string;
  /** A sentence below the heading. */
  readonly lead?: string | Html;
  readonly content: Html;
  /** Where the browser goes by itself, at once. */
  readonly sendTo?: URL;
}

const mark = trusted(pageAssets.mark.content);

/** The whole document: no script, one style sheet, one column. */
export const renderPage = ({ title, heading = title, lead, content, sendTo }: Page): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        ${sendTo === undefined ? null : html`<meta http-equiv="refresh" content="0; url=${sendTo.href}" />`}
        <title>${title} · Portcullis</title>
        <link rel="icon" type="image/svg+xml" href="${pageAssets.mark.path}" />
        <link rel="stylesheet" href="${pageAssets.style.path}" />
      </head>
      <body>
        <main>
          <a class="brand" href="/"><span class="mark" aria-hidden="true">${mark}</span>Portcullis</a>
          <h1>${heading}</h1>
          ${lead === undefined ? null : html`<p class="lead">${lead}</p>`} ${content}
        </main>
      </body>
    </html> `.toString();
