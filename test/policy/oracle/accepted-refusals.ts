/** Policies that stock casbin loads and that ours may refuse: by the message, and why. */
export const acceptedRefusals: readonly (readonly [kind: string, message: RegExp])[] = [
  ['a pattern at which stock casbin never ends', /never ends|does not end|hangs/u],
];

export const findAcceptedRefusal = (message: string): string | null =>
  acceptedRefusals.find(([, accepted]) => accepted.test(message))?.[0] ?? null;
