import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** A process of its own that runs a script of this folder, and talks by messages. */
export interface Started {
  readonly child: ChildProcess;
  /** The next message, in the order they came. */
  next<Message>(): Promise<Message>;
  readonly exited: Promise<number | null>;
}

export function startProcess(script: string, ...parameters: string[]): Started {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), parameters, {
    execArgv: ['--import', tsx],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const messages: unknown[] = [];
  const waiting: ((message: never) => void)[] = [];
  child.on('message', (message) => {
    const taker = waiting.shift();
    if (taker === undefined) messages.push(message);
    else taker(message as never);
  });
  return {
    child,
    next: <Message>() =>
      new Promise<Message>((resolve, reject) => {
        if (messages.length > 0) resolve(messages.shift() as Message);
        else {
          waiting.push(resolve);
          child.once('exit', () => reject(new Error(`${script} ended without an answer`)));
        }
      }),
    exited: new Promise((resolve) => child.once('exit', resolve)),
  };
}
