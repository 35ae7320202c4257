import type { LoadedPolicy } from './loaded-policy.ts';
import type { ObjectIndex } from './objects.ts';
import { inPieces } from './planner/in-pieces.ts';
import { matcherFunctions } from './planner/matcher-functions.ts';
import { buildPolicy } from './planner/policy-builder.ts';
import { readModel, shapeOf } from './planner/read-model.ts';
import type { Rule } from './rule.ts';

/** What rules are looked for: `r.sub`, `r.obj`, `r.act`, and what stands behind `g` meanwhile. */
export interface Question {
  readonly subject: string;
  readonly object: string;
  readonly action: string;
  /** Everything the subject counts as, itself included. */
  readonly subjects: ReadonlySet<string>;
}

/** The model's matcher over the rules of one policy. */
export interface RuleMatcher {
  /** Every rule that matches, whatever its condition would say, in policy order. Synchronous: nothing can come in between. */
  find(question: Question): readonly Rule[];
}

/** Conditions are looked at by whoever asks: `when` holds here. */
const assumed: ReadonlySet<string> = new Set(['when']);

/** Plans the model: matching rules are found by indexes, those of a matcher of one's own too. Does not keep the event loop. */
export async function buildRuleMatcher(
  { model, rows: { rules } }: LoadedPolicy,
  { namesOf }: Pick<ObjectIndex, 'namesOf'>,
): Promise<RuleMatcher> {
  let asked: Question | null = null;
  const subjectsOf = (name: string): ReadonlySet<string> =>
    asked !== null && name === asked.subject ? asked.subjects : new Set([name]);
  const sources = { g: subjectsOf, g2: namesOf };
  const policy = await inPieces(
    buildPolicy(rules.map(toColumns), {
      shape: shapeOf(readModel(model)),
      roles(role) {
        const namesAbove = role === 'g' ? sources.g : sources.g2;
        return {
          reach: namesAbove,
          hasLink: (name, above) => name === above || namesAbove(name).has(above),
        };
      },
      functions: matcherFunctions({ when: () => true }),
      assumed,
      // Whom somebody counts as comes with the question.
      cachedNames: null,
    }),
  );
  return {
    find(question) {
      const outer = asked;
      asked = question;
      try {
        const { subject, object, action } = question;
        return policy.matching([subject, object, action, null]).map((number) => ruleAt(rules, number));
      } finally {
        asked = outer;
      }
    },
  };
}

const toColumns = ({ subject, object, action, effect, condition }: Rule): readonly string[] =>
  condition === null ? [subject, object, action, effect] : [subject, object, action, effect, condition];

function ruleAt(rules: readonly Rule[], number: number): Rule {
  const rule = rules[number];
  if (rule === undefined) throw new Error('The index names a rule that the policy does not have.');
  return rule;
}
