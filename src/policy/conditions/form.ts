import type { ConditionScope } from './scope.ts';

/**
 * What decides a part of a condition, besides object, arguments and attributes. `login`: how and when somebody proved who
 * they are. `request`: all that is not told apart here.
 */
export type Input = 'groups' | 'username' | 'login' | 'request';

/** Whether only a request can tell, whoever it is that asks. */
export const isOfRequest = (inputs: ReadonlySet<Input>): boolean =>
  inputs.has('request') || inputs.has('login');

/** A part that is true or false as a whole: a call or a comparison. */
export interface ConditionAtom {
  /** In one spelling, however it was written: the same text asks the same. */
  readonly text: string;
  /** Whether it looks at the object or the arguments. */
  readonly usesContext: boolean;
  readonly inputs: ReadonlySet<Input>;
  /** The attributes of the principal that it looks at. */
  readonly attributes: ReadonlySet<string>;
  /** The groups that it asks about by name; `null` where it asks for none, or for what only a request can tell. */
  readonly groups: readonly string[] | null;
  /** Whether there are requests that leave it neither true nor false. */
  readonly canFail: boolean;
  /** @throws {ConditionFailed} where it is neither true nor false. */
  readonly evaluate: (scope: ConditionScope) => boolean;
}

/** A condition as a tree: `&&` and `||` look at the right side only where the left one does not decide. */
export type ConditionForm =
  | { readonly kind: 'atom'; readonly atom: ConditionAtom }
  | { readonly kind: 'not'; readonly part: ConditionForm }
  | { readonly kind: 'and' | 'or'; readonly left: ConditionForm; readonly right: ConditionForm };

/** The tree as a closure. */
export function evaluatorOf(form: ConditionForm): (scope: ConditionScope) => boolean {
  switch (form.kind) {
    case 'atom':
      return form.atom.evaluate;
    case 'not': {
      const part = evaluatorOf(form.part);
      return (scope) => !part(scope);
    }
    case 'and':
    case 'or': {
      const left = evaluatorOf(form.left);
      const right = evaluatorOf(form.right);
      return form.kind === 'and'
        ? (scope) => left(scope) && right(scope)
        : (scope) => left(scope) || right(scope);
    }
  }
}

/** Every atom of the tree, from left to right. */
export function atomsOf(form: ConditionForm): readonly ConditionAtom[] {
  if (form.kind === 'atom') return [form.atom];
  return form.kind === 'not' ? atomsOf(form.part) : [...atomsOf(form.left), ...atomsOf(form.right)];
}
