import { fault, type Fault } from '../checks/report.ts';

/**
 * The columns of one row: comma separated, spaces around a column dropped, a double-quoted column may hold commas and
 * `""` for a quote. RFC 4180 as casbin reads it, line by line; where casbin would guess, this refuses.
 */
export function splitRow(line: string): readonly string[] | Fault {
  const columns: string[] = [];
  let at = 0;
  for (;;) {
    while (line[at] === ' ') at += 1;
    const column = line[at] === '"' ? readQuoted(line, at) : readBare(line, at);
    if ('code' in column) return column;
    columns.push(column.text);
    if (column.end >= line.length) return columns;
    at = column.end + 1;
  }
}

interface Column {
  readonly text: string;
  /** Where the comma after it stands, or the line ends. */
  readonly end: number;
}

function readQuoted(line: string, start: number): Column | Fault {
  let text = '';
  let at = start + 1;
  for (;;) {
    const close = line.indexOf('"', at);
    if (close === -1) {
      return fault(
        'unclosed-quote',
        'A double quote is not closed on its line.',
        'Close it before the line ends.',
      );
    }
    text += line.slice(at, close);
    at = close + 1;
    if (line[at] !== '"') break;
    text += '"';
    at += 1;
  }
  while (line[at] === ' ') at += 1;
  return at === line.length || line[at] === ','
    ? { text: text.trim(), end: at }
    : fault(
        'stray-quote',
        'Text follows a closing quote.',
        'Put the whole column in double quotes, and text within a condition in single ones.',
      );
}

function readBare(line: string, start: number): Column | Fault {
  const comma = line.indexOf(',', start);
  const end = comma === -1 ? line.length : comma;
  const text = line.slice(start, end).trimEnd();
  if (text.includes('"')) {
    return fault(
      'stray-quote',
      'A double quote stands inside a column.',
      'Quote the whole column, and double the quotes inside it.',
    );
  }
  if (text.includes(';'))
    return fault('wrong-separator', 'A semicolon stands in the row.', 'Separate columns with commas.');
  if (text.includes('#')) {
    return fault('comment-after-value', 'A # stands after a value.', 'Put the comment on a line of its own.');
  }
  return { text, end };
}
