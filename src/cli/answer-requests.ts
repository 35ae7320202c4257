import { isUtf8 } from 'node:buffer';
import { renderVisible } from '../core/visible-text.ts';
import type { Enforcer } from '../policy/library.ts';
import { readRequestLines, type RequestLine } from './request-lines.ts';

/** What is printed for one request. */
type Answer =
  | { readonly allow: boolean; readonly rule: readonly string[] }
  /** It could not be decided. */
  | { readonly error: string };

interface Needs {
  readonly enforcer: Pick<Enforcer, 'enforceExSync'>;
  readonly input: AsyncIterable<Buffer>;
  /** Resolves when the text is taken: no more is read until then. */
  readonly write: (text: string) => Promise<void>;
  readonly onUndecided: () => void;
}

/** Characters, and milliseconds, of answers that are written together. */
const mostText = 65_536;
const longestWait = 100;

/** Answers every request, a line each, as they come. */
export async function answerRequests({ enforcer, input, write, onUndecided }: Needs): Promise<void> {
  for await (const lines of readRequestLines(input)) {
    let text = '';
    let begun = performance.now();
    for (const line of lines) {
      const answer = answerTo(line, enforcer);
      if (answer === null) continue;
      if ('error' in answer) onUndecided();
      text += `${renderVisible(JSON.stringify(answer))}\n`;
      if (text.length < mostText && performance.now() - begun < longestWait) continue;
      await write(text);
      text = '';
      begun = performance.now();
    }
    if (text !== '') await write(text);
  }
}

/** `null` for an empty line. */
function answerTo(line: RequestLine, enforcer: Needs['enforcer']): Answer | null {
  try {
    const text = readText(line);
    if (text.trim() === '') return null;
    const [allow, rule] = enforcer.enforceExSync(...parseRequest(text));
    return { allow, rule };
  } catch (error) {
    return { error: `line ${line.number}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Without a byte order mark. @throws Error where it is no text: two names that differ could be read as one */
function readText({ number, bytes }: RequestLine): string {
  if (bytes === null) throw new Error('It is longer than 16 MiB. Write less of it.');
  if (!isUtf8(bytes)) throw new Error('It is not UTF-8. Save it as that.');
  const text = bytes.toString('utf8');
  return number === 1 && text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function parseRequest(text: string): readonly unknown[] {
  const parsed = tryParse(text);
  if (Array.isArray(parsed)) return parsed as readonly unknown[];
  throw new Error('It is no JSON array. Write one, such as ["alice", "data1", "read"].');
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
