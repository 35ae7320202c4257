import { inspect } from 'node:util';
import type { Log } from '../../src/core/log.ts';

export interface Logbook extends Log {
  readonly records: { readonly level: string; readonly fields: object; readonly message: string }[];
  /** Everything that was said, stacks and causes too, as a grep would find it. */
  text(): string;
}

export function logbook(): Logbook {
  const records: Logbook['records'] = [];
  const at =
    (level: string) =>
    (fields: object, message: string): void =>
      void records.push({ level, fields, message });
  return {
    records,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    text: () => inspect(records, { depth: 12, maxStringLength: null, maxArrayLength: null }),
  };
}
