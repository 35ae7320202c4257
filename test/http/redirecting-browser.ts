import { expect } from '@jest/globals';
import type { PlainProvider } from '../authenticators/plain-provider.ts';
import { type Answer, type Client, hiddenField } from './client.ts';

/** Where a page sends the browser by itself; `null` where it does not. */
export function findSentTo({ text }: Answer): URL | null {
  const target = /<meta http-equiv="refresh" content="0; url=([^"]*)"/.exec(text)?.[1];
  return target === undefined ? null : new URL(target.replaceAll('&amp;', '&'));
}

/** Presses a button of the login page. */
export async function press(
  client: Client,
  name: string,
  { next = '/', ...fields }: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const page = await client.get(`/login?next=${encodeURIComponent(next)}`);
  const hidden = { _csrf: hiddenField(page.text, '_csrf'), _next: hiddenField(page.text, '_next') };
  return client.form(`/login/${name}`, { ...hidden, ...fields }, { accept: 'text/html' });
}

/** Presses a button of the account page. */
export async function pressLink(client: Client, name: string): Promise<Answer> {
  const token = hiddenField((await client.get('/account')).text, '_csrf');
  return client.form(`/account/identities/${name}`, { _csrf: token }, { accept: 'text/html' });
}

/** From a page that sends on, through the provider, to the path of the callback that the browser would ask for. */
export async function throughProvider(provider: PlainProvider, page: Answer): Promise<string> {
  const sentTo = findSentTo(page);
  expect([page.status, sentTo?.origin]).toEqual([200, provider.issuer]);
  const { pathname, search } = await provider.send(sentTo!);
  return `${pathname}${search}`;
}

/** The callback as a browser asks for it: another site sent it here. */
export const comeBack = (client: Client, path: string): Promise<Answer> =>
  client.get(path, { accept: 'text/html', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' });

/** All of it. */
export async function logInWith(
  client: Client,
  provider: PlainProvider,
  name: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return comeBack(client, await throughProvider(provider, await press(client, name, fields)));
}
