import { atomsOf, type ConditionAtom, type ConditionForm } from '../conditions/form.ts';
import { failed, outcomesOf, yes, type Outcomes } from './outcomes.ts';
import type { Side, World } from './worlds.ts';

/** The rules that count for one of the three at a coordinate: their conditions, `null` where they have none. */
export interface Rules {
  readonly allows: readonly (ConditionForm | null)[];
  readonly denies: readonly (ConditionForm | null)[];
}

/** What is known of a decision: whether it can come out as an allow, and whether it can come out as a deny. */
interface Verdict {
  readonly canAllow: boolean;
  readonly canDeny: boolean;
}

/** How many conditions the searches of one comparison may still look at. */
export interface Patience {
  looks: number;
}

/**
 * About a second's worth. Policies need a few for each of their rules; past it the answer is yes, so that nothing is given
 * away by being too hard to judge.
 */
export const newPatience = (): Patience => ({ looks: 1_000_000 });

/**
 * Whether there is a world in which the one after may, and neither the one before nor the granter.
 *
 * Exact: parts of conditions are tried one by one, and given up where what is known already decides against it. Without
 * conditions it is no search at all; with them it tries about as many worlds as there are parts.
 */
export function findWorld(
  sides: Readonly<Record<Side, Rules>>,
  worldsOf: (atom: ConditionAtom) => readonly World[],
  patience: Patience,
): boolean {
  const worlds = new Map<string, readonly World[]>();

  const worldsNow = (atom: ConditionAtom): readonly World[] => {
    const known = worlds.get(atom.text) ?? worldsOf(atom);
    worlds.set(atom.text, known);
    return known;
  };

  function outcomes(form: ConditionForm | null, side: Side): Outcomes {
    if (form === null) return yes;
    patience.looks -= 1;
    return outcomesOf(form, (atom) => worldsNow(atom).reduce((all, world) => all | world[side], 0));
  }

  /** An allow counts where its condition holds; a deny also where it can't be evaluated. */
  function judge(side: Side): Verdict {
    const allows = sides[side].allows.map((form) => outcomes(form, side));
    const denies = sides[side].denies.map((form) => outcomes(form, side));
    const isDenied = denies.some((each) => (each & ~(yes | failed)) === 0);
    const mayBeDenied = denies.some((each) => (each & (yes | failed)) !== 0);
    return {
      canAllow: !isDenied && allows.some((each) => (each & yes) !== 0),
      canDeny: mayBeDenied || !allows.some((each) => each === yes),
    };
  }

  /** A part that is open, of a rule that is: of the one after first. */
  function findOpen(): ConditionAtom | null {
    for (const side of ['after', 'granter', 'before'] as const) {
      for (const form of [...sides[side].denies, ...sides[side].allows]) {
        if (form === null || isSettled(outcomes(form, side))) continue;
        const open = atomsOf(form).find((atom) => worldsNow(atom).length > 1);
        if (open !== undefined) return open;
      }
    }
    return null;
  }

  function search(): boolean {
    if (patience.looks < 0) return true;
    const after = judge('after');
    if (!after.canAllow) return false;
    const before = judge('before');
    const granter = judge('granter');
    if (!before.canDeny || !granter.canDeny) return false;
    if (!after.canDeny && !before.canAllow && !granter.canAllow) return true;
    const open = findOpen();
    if (open === null) throw new Error('Every part of the conditions is known, and the decision is not.');
    const all = worldsNow(open);
    const found = all.some((world) => {
      worlds.set(open.text, [world]);
      return search();
    });
    worlds.set(open.text, all);
    return found;
  }

  return search();
}

const isSettled = (outcomes: Outcomes): boolean => (outcomes & (outcomes - 1)) === 0;
