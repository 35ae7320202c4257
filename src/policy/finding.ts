import type { FindingCode } from './checks/catalogue.ts';

/** Something that `policy check` says about the files. An `error` refuses the snapshot; a `warning` does not. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: 'error' | 'warning';
  readonly file: string;
  /** 1-based; 0 where the fault is of the file as a whole. */
  readonly line: number;
  /** One sentence: what is wrong. */
  readonly message: string;
  /** One sentence: what to do about it. */
  readonly remedy: string;
}

/** `groups.csv:14: error unknown-row-kind: … Write …`; without a line where it is about the whole file. */
export const showFinding = (finding: Finding): string =>
  `${finding.file}${finding.line === 0 ? '' : `:${finding.line}`}: ${finding.severity} ${finding.code}: ${finding.message} ${finding.remedy}`;
