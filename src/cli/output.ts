/** What every command may be asked: `--json` for programs, text for people. */
export interface OutputOptions {
  readonly json?: boolean;
}

export const printLine = (line = ''): void => void process.stdout.write(`${line}\n`);

export const printJson = (value: unknown): void => printLine(JSON.stringify(value, null, 2));

/** Rows under their headings, columns as wide as their widest cell. */
export function printTable(headings: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of [headings, ...rows]) {
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
