import { checkPolicy } from '../checks/check-policy.ts';
import { fault, newReport, type Fault, type Report } from '../checks/report.ts';
import { compileCondition, type ConditionUnit } from '../conditions/compile-condition.ts';
import type { LoadPolicy, PolicyFile } from '../loaded-policy.ts';
import { acceptGrants } from './accept-grants.ts';
import { decodeText } from './decode-text.ts';
import { defaultModel } from './default-model.ts';
import { findCharacterFault } from './find-character-fault.ts';
import { parseModel } from './parse-model.ts';
import { parseRows, type RowLists } from './parse-rows.ts';
import { expandCoverage, findTargets } from './targets.ts';

const modelName = 'model.conf';
/** Conveniences of a developer's machine. */
const developmentName = 'development.csv';

const canonicalDefault = parseModel(defaultModel.split('\n'), () => undefined);

export const loadPolicy: LoadPolicy = (files, declarations, grants, { production }) => {
  const report = newReport();
  const read = readFiles(
    files.filter(({ name }) => !(production && name === developmentName)),
    report,
  );
  const model = readModel(read, report);

  const units = new Map<string, ConditionUnit | Fault>();
  const compile = (source: string): ConditionUnit | Fault => {
    const unit = units.get(source) ?? compileCondition(source, declarations);
    units.set(source, unit);
    return unit;
  };
  const rows: RowLists = { rules: [], memberships: [], coverage: [] };
  for (const { name, lines } of read) {
    if (name === modelName) continue;
    parseRows(name, lines, rows, {
      declarations,
      compile,
      refuse: (line, found) => report.add({ file: name, line }, found),
    });
  }
  acceptGrants(grants, rows, declarations.schema, report);

  const conditions = new Map(
    [...units].filter((entry): entry is [string, ConditionUnit] => !('code' in entry[1])),
  );
  const defaultMatcher = model === canonicalDefault;
  const coverage = expandCoverage(rows.coverage, declarations.schema);
  checkPolicy(
    {
      rows,
      coverage,
      declarations,
      targets: findTargets(coverage, declarations.schema),
      conditions,
      defaultMatcher,
    },
    report,
  );
  return {
    model,
    effect: 'allow-and-no-deny',
    rows,
    coverage,
    findings: report.findings(),
    conditions: new Map([...conditions].map(([source, { condition }]) => [source, condition])),
    defaultMatcher,
  };
};

interface ReadFile {
  readonly name: string;
  readonly lines: readonly string[];
}

/** The files in the order in which they decide, decoded. */
function readFiles(files: readonly PolicyFile[], report: Report): readonly ReadFile[] {
  const read = new Map<string, ReadFile>();
  for (const file of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const { name } = file;
    const refuse = (line: number, found: Fault): void => report.add({ file: name, line }, found);
    const misnamed = findFileNameFault(name);
    if (misnamed !== null) {
      refuse(0, misnamed);
    } else if (read.has(name)) {
      refuse(0, fault('duplicate-file', 'Two folders hold a file of this name.', 'Rename one of them.'));
    } else {
      const { lines, faults } = decodeText(file);
      for (const { line, fault: found } of faults) refuse(line, found);
      read.set(name, { name, lines });
    }
  }
  return [...read.values()];
}

/** Names count to the letter: a file that its author takes for policy is policy, or refused. */
function findFileNameFault(name: string): Fault | null {
  const known = [modelName, developmentName].find((each) => each === name.toLowerCase());
  if (known === undefined ? name.endsWith('.csv') : known === name) return null;
  return known === undefined
    ? fault(
        'unknown-file',
        'The file is neither model.conf nor a .csv file.',
        'Let its name end with .csv, or move it out of the policy folder.',
      )
    : fault('unknown-file', `The file is not called ${known} to the letter.`, `Name it ${known}.`);
}

function readModel(files: readonly ReadFile[], report: Report): string {
  const refuse = (line: number, found: Fault): void => report.add({ file: modelName, line }, found);
  const lines = files.find(({ name }) => name === modelName)?.lines;
  if (lines === undefined) {
    refuse(
      0,
      fault('missing-model', 'There is no model.conf.', 'Copy the default one into the policy folder.'),
    );
    return defaultModel;
  }
  for (const [index, line] of lines.entries()) {
    const odd = findCharacterFault(line.replace(/[#;].*$/, ''), false) ?? findCharacterFault(line, true);
    if (odd !== null) refuse(index + 1, odd);
  }
  return parseModel(lines, refuse);
}
