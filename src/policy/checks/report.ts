import type { Finding } from '../finding.ts';
import { showProvenance, type Provenance } from '../rule.ts';
import { findingCatalogue, type FindingCode } from './catalogue.ts';

/** A finding before anybody knows where it stands. */
export interface Fault {
  readonly code: FindingCode;
  readonly message: string;
  readonly remedy: string;
}

export const fault = (code: FindingCode, message: string, remedy: string): Fault => ({
  code,
  message,
  remedy,
});

/** `line` is 1-based; 0 where it is about a file as a whole, or a grant. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

export const placeOf = (provenance: Provenance): Place =>
  provenance.kind === 'file' ? provenance : { file: showProvenance(provenance), line: 0 };

/** Collects what the checks of one load find. */
export interface Report {
  add(place: Place, fault: Fault): void;
  /** By file, then line, then order of finding. */
  findings(): readonly Finding[];
}

export function newReport(): Report {
  const found: Finding[] = [];
  return {
    add: ({ file, line }, { code, message, remedy }) => {
      found.push({ code, severity: findingCatalogue[code].severity, file, line, message, remedy });
    },
    findings: () =>
      found.toSorted((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1)),
  };
}

/** Somebody's text inside a message: quoted, escaped and at most 60 characters of it. */
export const quote = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);
