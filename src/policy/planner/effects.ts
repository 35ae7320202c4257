import type { Row } from './compile-expression.ts';
import type { EffectKind } from './read-model.ts';
import { noRow } from './slab.ts';

/** What a row says when it matches. A text that is neither allow nor deny says nothing; none at all allows. */
export type RowEffect = 'allow' | 'deny' | 'neither';

export function effectOf(text: string | undefined): RowEffect {
  if (text === undefined || text === '' || text === 'allow') return 'allow';
  return text === 'deny' ? 'deny' : 'neither';
}

/** The same of a row, where its effect has a column. */
export const effectAt = (row: Row, column: number | null): RowEffect =>
  column === null ? 'allow' : effectOf(row[column]);

export interface Outcome {
  readonly allowed: boolean;
  /** The row that stock's `enforceEx` names; `null` for none. */
  readonly row: number | null;
}

/** What rows come to as they are told one after the other, in policy order: stock's streams of effects. */
export class EffectStream {
  readonly #kind: EffectKind;
  #allowed = false;
  #row: number | null = null;
  #isDone = false;

  constructor(kind: EffectKind) {
    this.#kind = kind;
  }

  /** `neither` is also what a row says that does not match. */
  push(effect: RowEffect, row: number): void {
    switch (this.#kind) {
      case 'allow-override':
        if (effect === 'allow') this.#end(true, row);
        return;
      case 'deny-override':
        this.#allowed = true;
        if (effect === 'deny') this.#end(false, row);
        return;
      case 'allow-and-deny':
        if (effect === 'deny') this.#end(false, row);
        else if (effect === 'allow') {
          this.#allowed = true;
          this.#row = row;
        }
        return;
      case 'priority':
        if (effect !== 'neither') this.#end(effect === 'allow', row);
    }
  }

  /** Whether nothing that follows changes it. */
  get isDone(): boolean {
    return this.#isDone;
  }

  get outcome(): Outcome {
    return { allowed: this.#allowed, row: this.#row };
  }

  #end(allowed: boolean, row: number): void {
    this.#allowed = allowed;
    this.#row = row;
    this.#isDone = true;
  }
}

/** The same for whoever only wants to know whether it is allowed: from the first matching row of each effect. */
export function isAllowed(kind: EffectKind, firstAllow: number, firstDeny: number): boolean {
  switch (kind) {
    case 'allow-override':
      return firstAllow !== noRow;
    case 'deny-override':
      return firstDeny === noRow;
    case 'allow-and-deny':
      return firstAllow !== noRow && firstDeny === noRow;
    case 'priority':
      return firstAllow < firstDeny;
  }
}
