import { fault, quote, type Fault } from '../checks/report.ts';

/** A `key = value` of a section. */
export interface Definition {
  readonly key: string;
  readonly value: string;
  /** 1-based, of its first line. */
  readonly line: number;
}

export interface Section {
  readonly line: number;
  readonly definitions: readonly Definition[];
}

/**
 * The INI form of Casbin: `#` and `;` begin a comment anywhere, a trailing `\` goes on in the next line. What casbin
 * would overwrite or pass over (a key twice, a line outside a section) is given to `refuse`.
 */
export function parseSections(
  lines: readonly string[],
  refuse: (line: number, fault: Fault) => void,
): ReadonlyMap<string, Section> {
  const sections = new Map<string, { line: number; definitions: Definition[] }>();
  let section: { line: number; definitions: Definition[] } | null = null;
  for (const { text, line } of joinLines(lines)) {
    const name = /^\[(.*)\]$/.exec(text)?.[1];
    if (name !== undefined) {
      if (sections.has(name))
        refuse(line, fault('model-syntax', `The section [${name}] stands twice.`, 'Write it once.'));
      section = { line, definitions: [] };
      sections.set(name, section);
      continue;
    }
    const equals = text.indexOf('=');
    const key = text.slice(0, equals).trim();
    if (section === null || equals === -1) {
      refuse(
        line,
        fault(
          'model-syntax',
          `${quote(text)} is not a key = value of a section.`,
          'Write it under its [section].',
        ),
      );
    } else if (section.definitions.some((known) => known.key === key)) {
      refuse(line, fault('model-syntax', `${quote(key)} stands twice in its section.`, 'Write it once.'));
    } else {
      section.definitions.push({ key, value: text.slice(equals + 1).trim(), line });
    }
  }
  return sections;
}

/** Lines without comments and blanks, those that go on joined to the next. */
function joinLines(lines: readonly string[]): readonly { text: string; line: number }[] {
  const joined: { text: string; line: number }[] = [];
  let open: { text: string; line: number } | null = null;
  for (const [index, raw] of lines.entries()) {
    const text = raw.replace(/[#;].*$/, '').trim();
    if (text === '') continue;
    const goesOn = text.endsWith('\\');
    const part = goesOn ? text.slice(0, -1).trim() : text;
    open = open === null ? { text: part, line: index + 1 } : { text: open.text + part, line: open.line };
    if (goesOn) continue;
    joined.push(open);
    open = null;
  }
  return open === null ? joined : [...joined, open];
}
