/** One line of a policy. */
export interface Row {
  /** As written in the file. */
  readonly text: string;
  /** What it says, the row's kind first; empty where the line is none that anybody should read. */
  readonly columns: readonly string[];
}

export type Functions = Readonly<Record<string, (...values: unknown[]) => unknown>>;

/** A model, a policy, and what is asked of it. */
export interface PolicyCase {
  /** The kind of model that it was made of. */
  readonly kind: string;
  readonly model: string;
  readonly rows: readonly Row[];
  readonly lineEnd: '\n' | '\r\n';
  /** In how many files the rows stand, one after the other. */
  readonly files: number;
  readonly functions: Functions;
  readonly requests: readonly (readonly unknown[])[];
}

/** The texts of the policy's files. */
export function policyTexts({ rows, lineEnd, files }: PolicyCase): readonly string[] {
  const size = Math.ceil(rows.length / files);
  return Array.from({ length: files }, (_, index) =>
    rows
      .slice(index * size, (index + 1) * size)
      .map(({ text }) => `${text}${lineEnd}`)
      .join(''),
  );
}
