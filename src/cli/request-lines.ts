/** A line of input, as bytes; `null` where it is longer than a line may be. */
export interface RequestLine {
  /** From 1. */
  readonly number: number;
  readonly bytes: Buffer | null;
}

/** Bytes. What is longer is not kept: an input without line ends would fill the memory. */
const longestLine = 16 * 2 ** 20;
const lineFeed = 0x0a;

/** Lines as they come, those of one piece of input together; the last one may lack its end. */
export async function* readRequestLines(
  input: AsyncIterable<Buffer>,
): AsyncGenerator<readonly RequestLine[]> {
  let number = 0;
  let parts: Buffer[] = [];
  let size = 0;
  const add = (part: Buffer): void => {
    size += part.length;
    if (size > longestLine) parts = [];
    else if (part.length > 0) parts.push(part);
  };
  const end = (): RequestLine => {
    const [first = Buffer.alloc(0), ...others] = parts;
    const bytes = size > longestLine ? null : others.length === 0 ? first : Buffer.concat(parts);
    number += 1;
    parts = [];
    size = 0;
    return { number, bytes };
  };

  for await (const piece of input) {
    const lines: RequestLine[] = [];
    let from = 0;
    for (let to = piece.indexOf(lineFeed); to !== -1; to = piece.indexOf(lineFeed, from)) {
      add(piece.subarray(from, to));
      lines.push(end());
      from = to + 1;
    }
    add(piece.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (size > 0) yield [end()];
}
