import type { Argon2idCost } from './argon2id.ts';

/** What the hashing process is asked. */
export type HashingRequest =
  | { readonly id: number; readonly kind: 'hash'; readonly password: string; readonly cost: Argon2idCost }
  | { readonly id: number; readonly kind: 'verify'; readonly password: string; readonly hash: string };

/** What it answers: a PHC string for `hash`, whether it matches for `verify`, or why it could not. */
export type HashingReply =
  | { readonly id: number; readonly hash: string }
  | { readonly id: number; readonly matches: boolean }
  | { readonly id: number; readonly failure: string };
