import { renderVisible } from '../core/visible-text.ts';

/** What every command may be asked: `--json` for programs, text for people. */
export interface OutputOptions {
  readonly json?: boolean;
}

/** A line, or several. What would move the cursor or turn the text around is shown, whoever wrote it. */
export const printLine = (text = ''): void =>
  void process.stdout.write(`${text.split('\n').map(renderVisible).join('\n')}\n`);

export const printJson = (value: unknown): void => printLine(JSON.stringify(value, null, 2));

/** Rows under their headings, columns as wide as their widest cell. */
export function printTable(headings: readonly string[], rows: readonly (readonly string[])[]): void {
  const cells = [headings, ...rows].map((row) => row.map(renderVisible));
  const widths = headings.map((heading, column) =>
    cells.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), heading.length),
  );
  for (const row of cells) {
    printLine(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}

/** One fact, either as JSON or as a sentence. */
export function printOutcome(options: OutputOptions, value: object, sentence: string): void {
  if (options.json === true) printJson(value);
  else printLine(sentence);
}
