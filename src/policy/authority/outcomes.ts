import type { ConditionAtom, ConditionForm } from '../conditions/form.ts';

/** Sets of what something can come out as: true, false, or neither because it can't be evaluated. */
export type Outcomes = number;
export const yes = 1;
export const no = 2;
export const failed = 4;

/** What a condition can come out as, given what its parts can: the right side counts where the left one leaves it open. */
export function outcomesOf(form: ConditionForm, ofAtom: (atom: ConditionAtom) => Outcomes): Outcomes {
  switch (form.kind) {
    case 'atom':
      return ofAtom(form.atom);
    case 'not': {
      const part = outcomesOf(form.part, ofAtom);
      return ((part & yes) === 0 ? 0 : no) | ((part & no) === 0 ? 0 : yes) | (part & failed);
    }
    case 'and':
    case 'or': {
      const goesOn = form.kind === 'and' ? yes : no;
      const left = outcomesOf(form.left, ofAtom);
      return (left & ~goesOn) | ((left & goesOn) === 0 ? 0 : outcomesOf(form.right, ofAtom));
    }
  }
}
