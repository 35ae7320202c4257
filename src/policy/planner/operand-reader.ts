import type { Clause, Operand, Probe } from './analyse.ts';
import type { Evaluate } from './compile-expression.ts';
import { callsIn, type Expression } from './expression.ts';
import type { ModelShape } from './read-model.ts';

/**
 * The values that probes compare, each read once for each request. Those of the request itself stand where they stand in it;
 * constants and members of its values come after them.
 */
export class OperandReader {
  private readonly size: number;
  /** Places of the request that must hold strings. */
  private readonly compared: readonly number[];
  /** Those that nothing is compared with by an index. */
  private readonly others: readonly number[];
  private readonly keys: readonly string[];
  private readonly more: readonly Evaluate[];

  constructor(
    clauses: readonly Clause[],
    { requestTokens, roles, matcher }: Pick<ModelShape, 'requestTokens' | 'roles' | 'matcher'>,
    compile: (expression: Expression) => Evaluate,
  ) {
    const operands = clauses.flatMap(({ tests }) =>
      tests.flatMap(({ probes }) => probes.flatMap(operandsOf)),
    );
    // What roles are asked of is read as text, whether or not it comes to that: stock may throw there.
    const named = callsIn(matcher).flatMap(({ name, arguments: args }) => (roles.has(name) ? args : []));
    this.size = requestTokens.length;
    this.compared = [
      ...new Set([
        ...operands.flatMap((operand) => (operand.kind === 'request' ? [operand.place] : [])),
        ...named.flatMap((arg) => (arg.type === 'Identifier' ? [requestTokens.indexOf(arg.name)] : [])),
      ]),
    ].filter((place) => place !== -1);
    this.others = [...requestTokens.keys()].filter((place) => !this.compared.includes(place));
    const others = new Map<string, Evaluate>();
    for (const operand of operands) {
      if (operand.kind === 'request') continue;
      others.set(
        JSON.stringify(operand),
        operand.kind === 'constant' ? () => operand.value : compile(operand.expression),
      );
    }
    this.keys = [...others.keys()];
    this.more = [...others.values()];
  }

  /** Where an operand stands among what is read. */
  placeOf(operand: Operand): number {
    return operand.kind === 'request'
      ? operand.place
      : this.size + this.keys.indexOf(JSON.stringify(operand));
  }

  /** `null` where one of them is no string, or can't be read: the matcher has to be asked. */
  read(request: readonly unknown[]): readonly string[] | null {
    for (let at = 0; at < this.compared.length; at += 1)
      if (typeof request[this.compared[at] as number] !== 'string') return null;
    for (let at = 0; at < this.others.length; at += 1)
      if (isWithoutText(request[this.others[at] as number])) return null;
    if (this.more.length === 0) return request as readonly string[];
    const values = request.slice();
    try {
      for (const evaluate of this.more) {
        const value = evaluate(request, []);
        if (typeof value !== 'string') return null;
        values.push(value);
      }
    } catch {
      return null;
    }
    return values as readonly string[];
  }
}

function operandsOf(probe: Probe): readonly Operand[] {
  switch (probe.kind) {
    case 'equals':
      return [probe.operand];
    case 'pattern':
      return [probe.text];
    case 'role':
      return probe.domain === null ? [probe.member] : [probe.member, probe.domain];
  }
}

/** Comparing it with a text throws, in stock for every row that comes to it: so all of them are asked. */
const isWithoutText = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !('toString' in value);
