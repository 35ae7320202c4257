import type Router from '@koa/router';
import { type Asset, assetOf, pageAssets } from '../assets.ts';
import { html } from '../pages/html.ts';
import { graphiqlPath, graphqlPath } from '../paths.ts';
import { addAsset } from './assets.ts';

/**
 * Monaco, the editor inside, writes its own style elements and starts its workers from blobs; everything else is files
 * of ours, and nothing is loaded from anywhere else.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  'worker-src blob:',
  "img-src 'self' data:",
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** GraphiQL, for development: bundled, on its own path and with its own policy. */
export async function addGraphiql(router: Router, query: string | undefined): Promise<void> {
  const { style, script } = await loadBundle(query);
  addAsset(router, style);
  addAsset(router, script);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>GraphiQL · Portcullis</title>
        <link rel="icon" type="image/svg+xml" href="${pageAssets.mark.path}" />
        <link rel="stylesheet" href="${style.path}" />
      </head>
      <body class="no-focus-outline">
        <noscript>GraphiQL needs JavaScript. Queries can be sent to ${graphqlPath} with any client.</noscript>
        <div id="root"></div>
        <script src="${script.path}"></script>
      </body>
    </html> `.toString();
  router.get(graphiqlPath, (ctx) => {
    ctx.body = page;
    ctx.type = 'html';
    ctx.set('content-security-policy', contentSecurityPolicy);
  });
}

/** The package renders one page of 9 MB with everything inline. Taken apart, a browser keeps the parts. */
async function loadBundle(query: string | undefined): Promise<{ style: Asset; script: Asset }> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const rendered = renderGraphiQL({
    endpoint: graphqlPath,
    title: 'Portcullis',
    credentials: 'same-origin',
    ...(query === undefined ? {} : { query }),
  });
  const between = (open: string, close: string): string => {
    const [start, end] = [rendered.indexOf(open), rendered.lastIndexOf(close)];
    if (start === -1 || end < start) throw new Error(`GraphiQL's page has no ${open} any more.`);
    return rendered.slice(start + open.length, end);
  };
  return {
    style: assetOf('graphiql', 'css', between('<style>', '</style>')),
    script: assetOf('graphiql', 'js', between('<script>', '</script>')),
  };
}
