const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0; display: grid; min-height: 100vh; place-items: center; background: light-dark(#eef1f6, #14171c); }
  main { box-sizing: border-box; width: min(22rem, 100vw); padding: 2rem;
    background: light-dark(#fff, #1d2128); border-top: 4px solid #c2571a; }
  h1 { margin: 0 0 1rem; font-size: 1.25rem; }
  label { display: block; margin-top: 1rem; }
  input { box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; }
  button { margin-top: 1.5rem; padding: .5rem 1rem; font: inherit; }`;

/** A page of the provider's own, unlike any of Portcullis: somebody who is sent here sees that they are elsewhere. */
const page = (title: string, content: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escape(title)}</title><style>${style}</style></head>
  <body><main><h1>${escape(title)}</h1>${content}</main></body></html>`;

export const renderSignIn = (action: string, client: string, error: string | null): string =>
  page(
    'Sign in at Acme',
    `<p>To go on to ${escape(client)}.</p>
    ${error === null ? '' : `<p role="alert">${escape(error)}</p>`}
    <form method="post" action="${escape(action)}">
      <label>Acme name <input name="username" autocomplete="username" autofocus required></label>
      <label>Acme password <input name="password" type="password" autocomplete="current-password" required></label>
      <button type="submit">Sign in</button>
    </form>`,
  );

/** @param form the provider's own form, already HTML */
export const renderSignOut = (form: string): string =>
  page(
    'Sign out at Acme?',
    `${form}<button type="submit" form="op.logoutForm" name="logout" value="yes" autofocus>Sign out</button>`,
  );

export const renderMessage = (title: string, text: string): string => page(title, `<p>${escape(text)}</p>`);
