import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** A file's path, or the text itself, with a name for messages. */
export type PolicySource = string | { readonly text: string; readonly name?: string };

export const nameOf = (source: PolicySource): string =>
  typeof source === 'string' ? source : (source.name ?? 'the text');

export const readText = async (source: PolicySource): Promise<string> =>
  typeof source === 'string' ? readFile(source, 'utf8') : source.text;

/** The same, as one that can be read again: what is no file, a pipe for one, is read now. */
export async function settle(source: PolicySource): Promise<PolicySource> {
  if (typeof source !== 'string' || (await stat(source)).isFile()) return source;
  return { name: source, text: await readFile(source, 'utf8') };
}

const pieceOfText = 65_536;

/** Lines, a few thousand at a time, so that a file of any size is never in memory as a whole. */
export async function* readLines(source: PolicySource): AsyncGenerator<readonly string[]> {
  let rest = '';
  for await (const piece of pieces(source)) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield lines;
  }
  yield [rest];
}

async function* pieces(source: PolicySource): AsyncGenerator<string> {
  if (typeof source === 'string') {
    yield* createReadStream(source, { encoding: 'utf8' }) as AsyncIterable<string>;
    return;
  }
  for (let at = 0; at < source.text.length; at += pieceOfText) {
    yield source.text.slice(at, at + pieceOfText);
    await nextTurn();
  }
}
