import { z } from 'zod';
import type { ForeignIdentity } from '../accounts/foreign-identity.ts';
import type { Identification } from './authenticator.ts';

/** An identification as it may be believed: of an account, only its id and epoch are taken. */
export type Identified =
  | { readonly kind: 'account'; readonly userId: string; readonly sessionEpoch: number }
  | Extract<Identification, { kind: 'identity' }>
  | { readonly kind: 'none' | 'refused'; readonly reason: string };

/** Control characters and lone surrogates do not survive the database: two keys could become one. */
const key = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}\p{Surrogate}]*$/u);

const longestText = 1_000;
/** For people to read: what can't be shown is left out. */
const text = z
  .string()
  .transform((given) => given.slice(0, longestText).replaceAll(/[\p{Cc}\p{Surrogate}]/gu, ''));

const longestLogoutHint = 4_000;

const identitySchema: z.ZodType<ForeignIdentity> = z.object({
  issuer: key(500),
  subject: key(255),
  label: text,
  username: text.nullable(),
  name: text.nullable(),
  email: z.object({ address: text, verified: z.boolean() }).nullable(),
  groups: z.array(z.string()).nullable(),
  attributes: z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).nullable(),
  ),
});

const reason = z.string().catch('no reason given');

const identifiedSchema: z.ZodType<Identified> = z.union([
  z
    .object({
      kind: z.literal('account'),
      user: z.object({ id: z.uuid(), sessionEpoch: z.int() }),
    })
    .transform(({ kind, user }) => ({ kind, userId: user.id, sessionEpoch: user.sessionEpoch })),
  z.object({
    kind: z.literal('identity'),
    identity: identitySchema,
    authTime: z.number().min(0).nullable(),
    // One that is too long is worth nothing to its issuer when it is cut.
    logoutHint: z
      .string()
      .nullable()
      .transform((hint) => (hint === null || hint.length > longestLogoutHint ? null : hint)),
  }),
  z.object({ kind: z.enum(['none', 'refused']), reason }),
]);

/**
 * An authenticator may be somebody else's code: its answer is looked at like any input.
 * @throws Error where it is nothing of the contract's
 */
export function parseIdentification(given: unknown): Identified {
  const parsed = identifiedSchema.safeParse(given);
  if (!parsed.success) throw new Error('identify answered something else');
  return parsed.data;
}
