import { fault, type Fault } from '../checks/report.ts';
import type { PolicyFile } from '../loaded-policy.ts';

interface TextFault {
  readonly line: number;
  readonly fault: Fault;
}

const newline = 0x0a;

/** The lines of a file, without their ends, and what is wrong with it as a whole. */
export function decodeText(file: PolicyFile): {
  readonly lines: readonly string[];
  readonly faults: readonly TextFault[];
} {
  const faults: TextFault[] = [];
  let text: string;
  if (typeof file.text === 'string') {
    text = file.text;
    if (/\p{Surrogate}/u.test(text))
      faults.push(notUtf8(text.slice(0, text.search(/\p{Surrogate}/u)).split('\n').length));
  } else {
    const wrong = findInvalidLine(file.text);
    if (wrong !== null) faults.push(notUtf8(wrong));
    text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(file.text);
  }
  if (text.startsWith('\uFEFF')) {
    faults.push({
      line: 1,
      fault: fault(
        'file-encoding',
        'The file begins with a byte order mark.',
        'Save it as UTF-8 without BOM.',
      ),
    });
    text = text.slice(1);
  }
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  return { lines, faults };
}

const notUtf8 = (line: number): TextFault => ({
  line,
  fault: fault('file-encoding', 'The line is not valid UTF-8.', 'Save the file as UTF-8.'),
});

function findInvalidLine(bytes: Uint8Array): number | null {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const isValid = (part: Uint8Array): boolean => {
    try {
      strict.decode(part);
      return true;
    } catch {
      return false;
    }
  };
  if (isValid(bytes)) return null;
  // A line feed is never part of a longer UTF-8 sequence, so the lines can be tried one by one.
  for (let start = 0, line = 1; start < bytes.length; line += 1) {
    const found = bytes.indexOf(newline, start);
    const end = found === -1 ? bytes.length : found;
    if (!isValid(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
  return 1;
}
