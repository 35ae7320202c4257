import { z } from 'zod';
import type { AuthenticatorDefinition } from './authenticator.ts';
import type { AuthenticatorEntry } from './registry.ts';

const definition = z.custom<AuthenticatorDefinition>(
  (value) => typeof value === 'object' && value !== null && 'create' in value,
  { error: 'Name a built-in authenticator, a package or a file, or give a definition.' },
);

const entry: z.ZodType<AuthenticatorEntry> = z.strictObject({
  use: z.union([z.string().min(1), definition]),
  name: z.string().optional(),
  options: z.unknown().optional(),
});

/** Section `authenticators` of the configuration: which ones are enabled, in the order in which they are tried. */
export const authenticatorsSettings = z
  .array(entry)
  .min(1, { error: 'Without an authenticator nobody can log in.' })
  .default([{ use: 'password' }])
  .describe('Ways to log in, in the order in which they are tried: { use, name?, options? }.');
