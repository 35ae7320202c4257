import { newEnforcer, newModelFromString } from 'casbin';
import type { LoadedPolicy } from './loaded-policy.ts';
import type { ObjectIndex } from './objects.ts';
import { recordingEffector, type Recording } from './recording-effector.ts';
import { closureRoleManager } from './role-manager.ts';
import type { Rule } from './rule.ts';

/** One question to Casbin: `r.sub`, `r.obj`, `r.act`, and what stands behind `g` and `when` while it is answered. */
export interface Question {
  readonly subject: string;
  readonly object: string;
  readonly action: string;
  /** Everything the subject counts as. */
  readonly subjects: ReadonlySet<string>;
  /** The rules that Casbin is given, in policy order: all that could match. Every rule where nothing is said. */
  readonly among?: readonly Rule[];
  /** Whether the rule's condition holds: what `when(p.cond, p.eft, r.ctx)` answers. */
  holds(rule: Rule): boolean;
}

export interface Verdict {
  readonly allowed: boolean;
  /** Every rule that matched, in policy order. */
  readonly matched: readonly Rule[];
}

export interface PolicyEnforcer {
  /** @throws where Casbin throws, or answers anything but a boolean. Synchronous: nothing can come in between. */
  enforce(question: Question): Verdict;
}

interface Hearing extends Recording {
  readonly question: Question;
  readonly rules: readonly Rule[];
}

/**
 * Stock Casbin over one policy: one enforcer per snapshot, never reloaded, only ever asked synchronously. Its rows are
 * those of the question while it is answered.
 */
export async function buildEnforcer(
  loaded: LoadedPolicy,
  objects: Pick<ObjectIndex, 'namesOf'>,
): Promise<PolicyEnforcer> {
  const every = loaded.rows.rules;
  const everyRow = every.map(toColumns);
  let hearing: Hearing | null = null;
  const now = (): Hearing => {
    if (hearing === null) throw new Error('Casbin asked outside a question.');
    return hearing;
  };
  const subjectsOf = (name: string): ReadonlySet<string> | undefined =>
    name === now().question.subject ? now().question.subjects : undefined;
  /** Casbin tells the row's columns; they must be those of the rule that we count to, or nobody is allowed anything. */
  const when = (condition: unknown, effect: unknown, context: unknown): boolean => {
    const { question, rules, judged } = now();
    const rule = rules[judged];
    if (
      rule !== undefined &&
      rule.effect === effect &&
      rule.condition === (condition ?? null) &&
      context === question
    ) {
      return question.holds(rule);
    }
    throw new Error('Casbin judges another rule than the one it was given.');
  };

  const model = newModelFromString(loaded.model);
  const assertion = model.model.get('p')?.get('p');
  if (assertion === undefined) throw new Error('The model defines no p.');
  assertion.policy = everyRow;
  const casbin = await newEnforcer(model);
  casbin.setNamedRoleManager('g', closureRoleManager(subjectsOf));
  casbin.setNamedRoleManager('g2', closureRoleManager(objects.namesOf));
  casbin.setEffector(recordingEffector(now));
  await casbin.addFunction('when', when);
  await casbin.buildRoleLinks();

  return {
    enforce(question) {
      const { subject, object, action, among } = question;
      const rules = among ?? every;
      const current: Hearing = { question, rules, judged: 0, matched: [] };
      // A getter of an object's facts may ask in turn: the outer question is gone back to.
      const outer = { hearing, policy: assertion.policy };
      hearing = current;
      assertion.policy = among === undefined ? everyRow : among.map(toColumns);
      try {
        const allowed: unknown = casbin.enforceSync(subject, object, action, question);
        if (typeof allowed !== 'boolean')
          throw new TypeError(`Casbin answered ${typeof allowed}, not a boolean.`);
        return { allowed, matched: current.matched.map((index) => ruleAt(rules, index)) };
      } finally {
        hearing = outer.hearing;
        assertion.policy = outer.policy;
      }
    },
  };
}

const toColumns = ({ subject, object, action, effect, condition }: Rule): string[] =>
  condition === null ? [subject, object, action, effect] : [subject, object, action, effect, condition];

function ruleAt(rules: readonly Rule[], index: number): Rule {
  const rule = rules[index];
  if (rule === undefined) throw new Error('Casbin matched a rule that the policy does not have.');
  return rule;
}
