import { Agent, request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';

/** Somebody who is logged in. */
export interface Asker {
  readonly username: string;
  readonly port: number;
  readonly cookie: string;
}

const agent = new Agent({ keepAlive: true });

async function post(port: number, cookie: string, query: string) {
  const body = JSON.stringify({ query });
  const headers = { cookie, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const outgoing = request({ host: '127.0.0.1', port, agent, path: '/graphql', method: 'POST', headers });
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  let text = '';
  incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(incoming, 'end');
  return { incoming, text };
}

export async function logIn(port: number, username: string): Promise<Asker> {
  const query = `mutation { login(input: { username: "${username}", password: "correct horse battery" }) { viewer { subject } } }`;
  const { incoming, text } = await post(port, '', query);
  const [begun] = incoming.headers['set-cookie'] ?? [];
  if (begun === undefined) throw new Error(`${username} could not log in: ${text}`);
  return { username, port, cookie: begun.split(';')[0] ?? '' };
}

/** The status, and the first error's code where there is one: `200 FORBIDDEN`. */
export async function askOnce({ port, cookie }: Asker, query: string): Promise<string> {
  const { incoming, text } = await post(port, cookie, query);
  const code = /"code":"(\w+)"/.exec(text)?.[1];
  return `${incoming.statusCode ?? 0}${code === undefined ? '' : ` ${code}`}`;
}
