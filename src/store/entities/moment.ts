import type { EntitySchemaColumnOptions } from 'typeorm';

/** A `timestamptz` that the rooms see as milliseconds since the Unix epoch. */
export const moment = {
  type: 'timestamptz',
  transformer: {
    from: (value: Date | null): number | null => value?.getTime() ?? null,
    to: (value: number | null | undefined): Date | null | undefined =>
      typeof value === 'number' ? new Date(value) : value,
  },
} as const satisfies EntitySchemaColumnOptions;
