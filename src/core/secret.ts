import { hash, timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';

/** A string that must not be printed: logs, JSON, templates and `console.log` show `[secret]`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The text itself. Every call site is a place to review. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

/** SHA-256 of a random token: what is stored of session ids and one-time links, so a stolen table logs nobody in. */
export const digestOf = (token: string): Buffer => hash('sha256', token, 'buffer');

/** Equality in constant time, whatever the lengths (both sides are hashed first). */
export const sameSecret = (a: string, b: string): boolean => timingSafeEqual(digestOf(a), digestOf(b));
