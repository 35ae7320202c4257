/** Policies that stock casbin loads and that ours may refuse: by the message, and why. */
export const acceptedRefusals: readonly (readonly [kind: string, message: RegExp])[] = [
  ['a pattern at which stock casbin never ends', /does not take the pattern .* never/u],
  ['an expression of a row that is none', /^The expression .* of a row can't be evaluated/u],
  ['a pattern at which stock casbin throws', /does not take the pattern .* would throw/u],
];

export const findAcceptedRefusal = (message: string): string | null =>
  acceptedRefusals.find(([, accepted]) => accepted.test(message))?.[0] ?? null;
