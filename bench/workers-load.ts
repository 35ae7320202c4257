/** The load generator of bench/workers.ts: as little of it as HTTP allows, because it uses the same cores as the servers. */
import { connect, type Socket } from 'node:net';

const headEnd = Buffer.from('\r\n\r\n');

/** Sends one request again and again over so many connections; resolves with how many were answered within the time. */
export async function load(port: number, cookie: string, query: string, connections: number, ms: number) {
  const body = JSON.stringify({ query });
  const request = Buffer.from(
    `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncookie: ${cookie}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  const end = performance.now() + ms;
  let answered = 0;

  /** One connection, until the time is over; the server closes each after a thousand requests. */
  const work = async (): Promise<void> => {
    while (performance.now() < end) {
      await new Promise<void>((resolve, reject) => {
        const socket = connect(port, '127.0.0.1');
        socket.setNoDelay(true);
        socket.on('error', reject);
        socket.on('close', () => {
          resolve();
        });
        let rest: Buffer = Buffer.alloc(0);
        socket.on('connect', () => socket.write(request));
        socket.on('data', (chunk) => {
          rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
          const answer = takeAnswer(rest);
          if (answer === null) return;
          rest = Buffer.alloc(0);
          if (!answer.good) reject(new Error(`The server answered: ${answer.text}`));
          answered += 1;
          goOn(socket, answer.last || performance.now() >= end);
        });
      });
    }
  };
  const goOn = (socket: Socket, over: boolean): void => {
    if (over) socket.end();
    else socket.write(request);
  };

  const start = performance.now();
  await Promise.all(Array.from({ length: connections }, work));
  return { answered, seconds: (performance.now() - start) / 1_000 };
}

/** A whole answer, or `null` where some of it is still on its way. */
function takeAnswer(bytes: Buffer) {
  const at = bytes.indexOf(headEnd);
  if (at < 0) return null;
  const head = bytes.toString('latin1', 0, at);
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
  if (bytes.length < at + headEnd.length + length) return null;
  const text = bytes.toString('utf8', at + headEnd.length);
  return {
    text,
    good: head.startsWith('HTTP/1.1 200') && !text.includes('"errors"'),
    last: /\r\nconnection: close/i.test(head),
  };
}
