import type { Declarations } from '../declarations.ts';
import type { Effect, PolicyRows, Provenance } from '../rule.ts';
import type { ConditionUnit } from '../conditions/compile-condition.ts';
import { fault, quote, type Fault } from '../checks/report.ts';
import { findCharacterFault } from './find-character-fault.ts';
import {
  findActionFault,
  findEffectFault,
  findMembershipFault,
  findObjectFault,
  findPermissionFault,
  findSubjectFault,
} from './find-name-fault.ts';
import { splitRow } from './split-row.ts';
import { findUnplainness } from './stock-reading.ts';

interface Needs {
  readonly declarations: Declarations;
  readonly compile: (source: string) => ConditionUnit | Fault;
  readonly refuse: (line: number, fault: Fault) => void;
}

/** The growing rows of a policy. */
export type RowLists = { -readonly [kind in keyof PolicyRows]: PolicyRows[kind][number][] };

/** Appends the rows of one CSV file. A line becomes a row, or is a comment, or blank, or is refused: nothing is dropped. */
export function parseRows(file: string, lines: readonly string[], rows: RowLists, needs: Needs): void {
  for (const [index, text] of lines.entries()) {
    const provenance: Provenance = { kind: 'file', file, line: index + 1 };
    const refusal = parseRow(text, provenance, rows, needs);
    if (refusal !== null) needs.refuse(index + 1, refusal);
  }
}

function parseRow(text: string, provenance: Provenance, rows: RowLists, needs: Needs): Fault | null {
  const isComment = /^ *#/.test(text);
  const odd = findCharacterFault(text, isComment);
  if (odd !== null) return odd;
  if (isComment || text.trim() === '') return null;
  const columns = splitRow(text);
  if ('code' in columns) return columns;
  const [kind = '', ...values] = columns;
  switch (kind) {
    case 'p':
      return parseRule(values, provenance, rows, needs);
    case 'g':
      return parseMembership(values, provenance, rows);
    case 'g2':
      return parseCoverage(values, provenance, rows, needs);
    default:
      return fault(
        'unknown-row-kind',
        `${quote(kind)} is not a kind of row.`,
        /^(?:p|g2?)\s/.test(kind)
          ? 'Separate the columns by commas.'
          : 'Begin the row with p, g or g2, in lower case.',
      );
  }
}

function parseRule(
  values: readonly string[],
  provenance: Provenance,
  rows: RowLists,
  needs: Needs,
): Fault | null {
  const [subject, object, action, effect, condition] = values;
  if (
    subject === undefined ||
    object === undefined ||
    action === undefined ||
    effect === undefined ||
    values.length > 5
  ) {
    return fault(
      'wrong-columns',
      `A p row has 4 or 5 columns after the p; this one has ${values.length}.`,
      'Write p, subject, object, action, effect and, if there is one, a condition in double quotes.',
    );
  }
  const refusal =
    findEmptyColumn([subject, object, action, effect]) ??
    findSubjectFault(subject) ??
    findObjectFault(object, needs.declarations.schema, true) ??
    findActionFault(action) ??
    findEffectFault(effect) ??
    (condition === undefined ? null : findConditionFault(condition, needs));
  if (refusal !== null) return refusal;
  rows.rules.push({
    subject,
    object,
    action,
    effect: effect as Effect,
    condition: condition ?? null,
    provenance,
  });
  return null;
}

function findConditionFault(condition: string, { compile }: Needs): Fault | null {
  if (condition === '') {
    return fault(
      'empty-condition',
      'The condition is empty.',
      'Leave out the last comma, or write a condition.',
    );
  }
  const unplain = findUnplainness(condition);
  if (unplain !== null) return unplain;
  const unit = compile(condition);
  return 'code' in unit ? unit : null;
}

function parseMembership(values: readonly string[], provenance: Provenance, rows: RowLists): Fault | null {
  const [member, group] = values;
  if (member === undefined || group === undefined || values.length > 2)
    return notTwoNames('g', values.length);
  const refusal = findEmptyColumn(values) ?? findSubjectFault(member) ?? findMembershipFault(member, group);
  if (refusal === null) rows.memberships.push({ member, group, provenance });
  return refusal;
}

function parseCoverage(
  values: readonly string[],
  provenance: Provenance,
  rows: RowLists,
  needs: Needs,
): Fault | null {
  const [member, permission] = values;
  if (member === undefined || permission === undefined || values.length > 2)
    return notTwoNames('g2', values.length);
  const { schema } = needs.declarations;
  const refusal =
    findEmptyColumn(values) ??
    findObjectFault(member, schema, false) ??
    findPermissionFault(permission, schema);
  if (refusal === null) rows.coverage.push({ member, permission, provenance });
  return refusal;
}

const notTwoNames = (kind: string, count: number): Fault =>
  fault(
    'wrong-columns',
    `A ${kind} row has two names; this one has ${count}.`,
    `Write ${kind}, member, ${kind === 'g' ? 'group' : 'permission'}.`,
  );

const findEmptyColumn = (values: readonly string[]): Fault | null =>
  values.includes('') ? fault('empty-column', 'A column is empty.', 'Fill it, or delete the row.') : null;
