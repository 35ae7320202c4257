import { fault, quote, type Fault } from '../checks/report.ts';

const plain = /^[\x20-\x7e]*$/;
const control = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/; // eslint-disable-line no-control-regex -- finding them is the point
// Format characters (zero-width, direction), fillers, variation selectors and line separators: all draw nothing.
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/u;
// A word with letters of Latin and of a script whose letters pass for Latin (Unicode TR 39, "mixed-script confusables").
const word = /[\p{L}\p{M}]+/gu;
const latin = /\p{Script=Latin}/u;
const lookAlike =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}\p{Script=Georgian}]/u;

const maximumLength = 4_000;

const nameOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** The first character of a line that may not stand there. Comments may hold any visible text. */
export function findCharacterFault(line: string, isComment: boolean): Fault | null {
  if (line.length > maximumLength) {
    return fault(
      'line-too-long',
      `The line has ${line.length} characters.`,
      `Keep a line under ${maximumLength} characters.`,
    );
  }
  if (plain.test(line)) return null;
  if (line.includes('\r')) {
    return fault(
      'line-ends',
      'A carriage return stands inside the line.',
      'Save the file with LF line ends.',
    );
  }
  const controls = control.exec(line);
  if (controls !== null) {
    return fault(
      'control-character',
      `The control character ${nameOf(controls[0])} stands in the line.`,
      'Delete it.',
    );
  }
  const hidden = invisible.exec(line);
  if (hidden !== null) {
    return fault(
      'invisible-character',
      `The invisible character ${nameOf(hidden[0])} stands in the line.`,
      'Delete it.',
    );
  }
  if (isComment) return null;
  return line.includes('\t')
    ? fault(
        'wrong-separator',
        'A tab stands in the row.',
        'Separate columns with commas, and align them with spaces.',
      )
    : findLookAlike(line);
}

function findLookAlike(row: string): Fault | null {
  for (const character of row.normalize('NFC') === row ? row : []) {
    if (character.normalize('NFKC') !== character) {
      return fault(
        'look-alike-character',
        `${nameOf(character)} looks like ${quote(character.normalize('NFKC'))} and is not.`,
        `Type ${quote(character.normalize('NFKC'))}.`,
      );
    }
  }
  if (row.normalize('NFKC') !== row) {
    return fault(
      'look-alike-character',
      'A letter is written in pieces that look like another.',
      'Save the row in Unicode form NFC.',
    );
  }
  const mixed = (row.match(word) ?? []).find((letters) => latin.test(letters) && lookAlike.test(letters));
  if (mixed === undefined) return null;
  const odd = lookAlike.exec(mixed)?.[0] ?? '';
  return fault(
    'look-alike-character',
    `${quote(mixed)} mixes Latin letters with ${nameOf(odd)}, which looks like one.`,
    'Type the word again in one alphabet.',
  );
}
