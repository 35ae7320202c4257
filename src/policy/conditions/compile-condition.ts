import type { Declarations } from '../declarations.ts';
import type { CompiledCondition } from '../loaded-policy.ts';
import type { Fault } from '../checks/report.ts';
import { compileCall, compileComparison } from './compile-atom.ts';
import { ConditionRefused } from './condition-refused.ts';
import { evaluatorOf, type ConditionForm } from './form.ts';
import { parseExpression, type ExpressionNode } from './parse-expression.ts';
import { newScribe, type Scribe } from './scribe.ts';

/** A condition, and the names in it that only its rules can judge. */
export interface ConditionUnit {
  readonly condition: CompiledCondition;
  /** Members of `r.ctx.args` and `r.ctx.object` that it reads. */
  readonly args: ReadonlySet<string>;
  readonly facts: ReadonlySet<string>;
  /** Methods that it names in `via`. */
  readonly methods: ReadonlySet<string>;
  /** Groups that it names, as `group:<name>`. */
  readonly groups: ReadonlySet<string>;
}

/** From source text to closures. No text is ever run: what is not in the allow-list is refused. Never throws. */
export function compileCondition(
  source: string,
  { attributes }: Pick<Declarations, 'attributes'>,
): ConditionUnit | Fault {
  const scribe = newScribe(attributes);
  try {
    const form = compilePredicate(parseExpression(source), scribe);
    return {
      condition: {
        source,
        usesArgs: scribe.args.size > 0,
        usesObject: scribe.facts.size > 0,
        stepUpCalls: [...scribe.stepUpCalls],
        usernames: scribe.usernames,
        form,
        evaluate: evaluatorOf(form),
      },
      args: scribe.args,
      facts: scribe.facts,
      methods: scribe.methods,
      groups: scribe.groups,
    };
  } catch (error) {
    if (error instanceof ConditionRefused) return error.fault;
    throw error;
  }
}

/** A node that is true or false by its form. */
function compilePredicate(node: ExpressionNode, scribe: Scribe): ConditionForm {
  if (node.type === 'UnaryExpression' && node.operator === '!')
    return { kind: 'not', part: compilePredicate(node.argument as ExpressionNode, scribe) };
  if (node.type === 'CallExpression') return { kind: 'atom', atom: compileCall(node, scribe) };
  if (node.type === 'BinaryExpression') return compileBinary(node, scribe);
  throw new ConditionRefused(
    'condition-not-boolean',
    node.type === 'Compound'
      ? 'It is not one expression.'
      : `A ${nameNode(node)} stands where only true or false can.`,
    'Write a comparison, such as r.ctx.object.shared == true, or a call of a registered function.',
  );
}

function compileBinary(
  node: Extract<ExpressionNode, { type: 'BinaryExpression' }>,
  scribe: Scribe,
): ConditionForm {
  if (node.operator === '&&' || node.operator === '||') {
    return {
      kind: node.operator === '&&' ? 'and' : 'or',
      left: compilePredicate(node.left as ExpressionNode, scribe),
      right: compilePredicate(node.right as ExpressionNode, scribe),
    };
  }
  return { kind: 'atom', atom: compileComparison(node, scribe) };
}

const nameNode = ({ type }: ExpressionNode): string =>
  type
    .replace(/Expression$/, '')
    .replace(/\B[A-Z]/g, (letter) => ` ${letter}`)
    .toLowerCase();
