import { compareOperands } from './compare.ts';
import { ConditionRefused } from './condition-refused.ts';
import { type ConditionAtom, isOfRequest } from './form.ts';
import { conditionFunctions } from './functions/registry.ts';
import { compileOperand, groupForm, subjectForm, usernameForm, type Operand } from './operand.ts';
import { pathOf, type ExpressionNode } from './parse-expression.ts';
import { addPart, newScribe, type Scribe } from './scribe.ts';

/** A comparison of two values. */
export function compileComparison(
  node: Extract<ExpressionNode, { type: 'BinaryExpression' }>,
  scribe: Scribe,
): ConditionAtom {
  const part = newScribe(scribe.attributes);
  const left = compileOperand(node.left as ExpressionNode, part);
  const right = compileOperand(node.right as ExpressionNode, part);
  const evaluate = compareOperands(node.operator, left, right);
  if (evaluate === null) {
    throw new ConditionRefused(
      'condition-syntax',
      `The operator ${node.operator} is not one of a condition.`,
      'Use && || ! == != < <= > >= in.',
    );
  }
  for (const name of [...namesBeside(left, right), ...namesBeside(right, left)]) part.usernames.add(name);
  // The one comparison that asks for groups: a literal among those of the principal.
  const asked = right.form === groupForm && typeof left.literal === 'string' ? [left.literal] : null;
  addPart(scribe, part);
  return atomOf(`${showOperand(left)} ${node.operator} ${showOperand(right)}`, part, {
    groups: asked,
    // Whoever has an account has a name and groups; everything else may be missing, or of another type.
    canFail: part.held.size > 0 || isOfRequest(part.inputs),
    evaluate,
  });
}

/** A call of a registered function, with `r.ctx` first. */
export function compileCall(
  node: Extract<ExpressionNode, { type: 'CallExpression' }>,
  scribe: Scribe,
): ConditionAtom {
  const path = pathOf(node.callee as ExpressionNode);
  const called = path?.length === 1 ? conditionFunctions.get(path[0] ?? '') : undefined;
  if (called === undefined || node['optional'] === true) {
    throw new ConditionRefused(
      'condition-function',
      `${path === null ? 'What is called' : path.join('.')} is not a registered function.`,
      `Call one of ${[...conditionFunctions.keys()].join(', ')}.`,
    );
  }
  const [context, ...rest] = node.arguments as ExpressionNode[];
  if (context === undefined || pathOf(context)?.join('.') !== 'r.ctx') {
    throw new ConditionRefused(
      'condition-function',
      `The first argument of ${called.name} is not r.ctx.`,
      `Write it like ${called.example}.`,
    );
  }
  const part = newScribe(scribe.attributes);
  const operands = rest.map((argument) => compileOperand(argument, part));
  const evaluate = called.compile(operands, part);
  if (called.stepUp) {
    part.stepUpCalls.add(`${called.name}(${['r.ctx', ...operands.map(({ text }) => text)].join(', ')})`);
  }
  for (const input of called.inputs) part.inputs.add(input);
  addPart(scribe, part);
  const literals = operands.map(({ literal }) => literal);
  const asksByName = called.inputs.includes('groups') && !literals.includes(undefined);
  return atomOf(`${called.name}(${operands.map(showOperand).join(', ')})`, part, {
    groups: asksByName ? literals.flat().map(String) : null,
    canFail: called.fails,
    evaluate,
  });
}

const atomOf = (
  text: string,
  { args, facts, inputs, held }: Scribe,
  rest: Pick<ConditionAtom, 'groups' | 'canFail' | 'evaluate'>,
): ConditionAtom => {
  const usesContext = args.size > 0 || facts.size > 0;
  return { text, usesContext, inputs, attributes: held, ...rest, canFail: rest.canFail || usesContext };
};

/** However its quotes were written. */
const showOperand = ({ literal, text }: Operand): string =>
  literal === undefined ? text : JSON.stringify(literal);

/** The accounts that a literal names beside the principal's own name. */
function namesBeside({ form }: Operand, { literal }: Operand): readonly string[] {
  const texts = [literal].flat().filter((text) => typeof text === 'string');
  if (form === usernameForm) return texts;
  return form === subjectForm
    ? texts.filter((text) => text.startsWith('user:')).map((text) => text.slice('user:'.length))
    : [];
}
