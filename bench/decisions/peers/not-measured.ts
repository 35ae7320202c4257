/** What is not measured, and why. */
export const notMeasured = [
  { peer: 'Casbin for Go', why: 'not built: it needs Go, and nothing here installs that' },
] as const;
