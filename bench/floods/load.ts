/** The flood of bench/floods.ts, in a process of its own: sends one kind for a while, and says how it was answered. */
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request } from 'node:http';
import { floods, type Sent } from './kinds.ts';

export interface Work {
  readonly port: number;
  readonly cookie: string;
  readonly kind: string;
  readonly ms: number;
  readonly atOnce: number;
}

/** How many of each answer: `200`, `200 BAD_USER_INPUT`, `left`. */
export type Answers = Readonly<Record<string, number>>;

function send(agent: Agent, { port, cookie }: Work, { leaves = false, ...sent }: Sent): Promise<string> {
  return new Promise((resolve) => {
    const body = JSON.stringify(sent);
    const headers = { cookie, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const outgoing = request(
      { host: '127.0.0.1', port, agent, path: '/graphql', method: 'POST', headers },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        incoming.on('end', () => {
          const code = /"code":"(\w+)"/.exec(text)?.[1];
          resolve(`${incoming.statusCode ?? 0}${code === undefined ? '' : ` ${code}`}`);
        });
        incoming.on('error', () => resolve('left'));
      },
    );
    outgoing.on('error', () => resolve('left'));
    outgoing.end(body);
    if (leaves) setTimeout(() => outgoing.destroy(), Math.random() * 5);
  });
}

async function flood(work: Work): Promise<Answers> {
  const make = floods[work.kind];
  if (make === undefined) throw new Error(`No flood is called ${work.kind}.`);
  const agent = new Agent({ keepAlive: true, maxSockets: work.atOnce });
  const answers: Record<string, number> = {};
  const end = performance.now() + work.ms;
  let number = 0;
  await Promise.all(
    Array.from({ length: work.atOnce }, async () => {
      while (performance.now() < end) {
        const answer = await send(agent, work, make((number += 1)));
        answers[answer] = (answers[answer] ?? 0) + 1;
        if (answer === 'left') await wait(1);
      }
    }),
  );
  agent.destroy();
  return answers;
}

process.on('message', (work: Work) => {
  void flood(work).then((answers) => process.send?.(answers));
});
