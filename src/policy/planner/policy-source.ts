import { open, readFile, stat } from 'node:fs/promises';
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
  // A line may be longer than a piece: it is put together once, at its end.
  let rest: string[] = [];
  for await (const piece of pieces(source)) {
    const [first = '', ...lines] = piece.split('\n');
    rest.push(first);
    const last = lines.pop();
    if (last === undefined) continue;
    yield [rest.join(''), ...lines];
    rest = [last];
  }
  yield [rest.join('')];
}

async function* pieces(source: PolicySource): AsyncGenerator<string> {
  if (typeof source === 'string') {
    yield* piecesOfFile(source);
    return;
  }
  // As from a file, in which half a character can't stand.
  const text = source.text.replace(/\p{Surrogate}/gu, '\ufffd');
  for (let at = 0; at < text.length; at += pieceOfText) {
    yield text.slice(at, at + pieceOfText);
    await nextTurn();
  }
}

/** @throws Error where the file changes meanwhile: half of one policy and half of another is neither */
async function* piecesOfFile(path: string): AsyncGenerator<string> {
  const file = await open(path);
  try {
    const before = await file.stat({ bigint: true });
    yield* file.createReadStream({ encoding: 'utf8', autoClose: false }) as AsyncIterable<string>;
    const after = await file.stat({ bigint: true });
    if (before.isFile() && (before.mtimeNs !== after.mtimeNs || before.size !== after.size))
      throw new Error(`${path} changed while it was read: read it again.`);
  } finally {
    await file.close();
  }
}
