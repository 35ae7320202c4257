import { newModelFromString, PolicyLoader } from 'casbin';

/** A row of a policy file: its kind, `p` or `g2`, and its values. */
export interface PolicyLine {
  readonly kind: string;
  readonly values: readonly string[];
}

/** What splits otherwise than at every comma: quotes, brackets, and a carriage return inside the line. */
const unusual = /["()]|\r(?!$)/;

const scratch = `[request_definition]
r = a
[policy_definition]
p = a
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = true`;

/**
 * One line, as stock reads it.
 * @returns `null` for a comment and an empty line
 * @throws Error where stock throws
 */
export function readLine(line: string): PolicyLine | null {
  if (line.trim() === '' || line.trimStart().startsWith('#')) return null;
  if (unusual.test(line)) return readUnusual(line);
  const [kind = '', ...values] = line.split(',');
  return { kind: kind.trim(), values: values.map((value) => value.trim()) };
}

const loader = new PolicyLoader();
const kindOnly = /^\s*"?\s*([A-Za-z][A-Za-z0-9]*)\s*"?\s*(,|$)/;

function readUnusual(line: string): PolicyLine | null {
  const kind = kindOnly.exec(line)?.[1];
  if (kind === undefined) return null;
  const model = newModelFromString(scratch);
  // Stock puts a row where its kind is defined: there is such a place in this model alone.
  const assertions = model.model.get('p');
  const assertion = assertions?.get('p');
  if (assertions === undefined || assertion === undefined) throw new Error('A model without p.');
  model.model.set(kind.slice(0, 1), new Map([[kind, assertion]]));
  loader.loadPolicyLine(line, model);
  const [values] = assertion.policy;
  return values === undefined ? null : { kind, values };
}
