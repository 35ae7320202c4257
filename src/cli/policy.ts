import { isIP } from 'node:net';
import type { Command } from 'commander';
import { isCoordinate } from '../core/names.ts';
import { PortcullisError } from '../core/errors.ts';
import { showFinding } from '../policy/finding.ts';
import { showProvenance } from '../policy/rule.ts';
import type { Explanation, RuleExplanation } from '../policy/snapshot.ts';
import { buildSchema } from '../foundation.ts';
import { renderStructurePolicy } from '../graphql/structure-policy.ts';
import { exitCodes } from './exit-codes.ts';
import { loadPrincipal } from './load-principal.ts';
import { type OutputOptions, printJson, printLine, printTable } from './output.ts';
import { checkPolicy } from './check-policy.ts';
import { addPolicyEvalCommand } from './policy-eval.ts';
import { withProgress } from './progress.ts';
import { loadSettings, withWorkplace } from './workplace.ts';

interface ExplainOptions extends OutputOptions {
  readonly address?: string;
}

export function addPolicyCommands(program: Command): void {
  const policy = program.command('policy').description('the policy files and what they decide');

  policy
    .command('check')
    .description('read the policy files as the server does, and say all that is wrong with them')
    .option('--json', 'print JSON')
    .action(async (options: OutputOptions, command: Command) => {
      const settings = await loadSettings(command);
      const findings = await withProgress('Asking for names', 1, options, ({ to }) =>
        checkPolicy(settings, to),
      );
      const errors = findings.filter((finding) => finding.severity === 'error').length;
      if (options.json === true) printJson(findings);
      else {
        for (const finding of findings) printLine(showFinding(finding));
        printLine(`${countOf(errors, 'error')}, ${countOf(findings.length - errors, 'warning')}.`);
      }
      if (errors > 0) process.exitCode = exitCodes.negative;
    });

  policy
    .command('explain <principal> <coordinate>')
    .description('say rule by rule why a principal (user:<name> or anonymous) may or may not touch a field')
    .option('--address <address>', 'where the request comes from', parseAddress)
    .option('--json', 'print JSON')
    .action(async (name: string, coordinate: string, options: ExplainOptions, command: Command) => {
      await withWorkplace(command, async (workplace) => {
        checkCoordinate(coordinate, workplace.declarations.schema.coordinates);
        const principal = await loadPrincipal(workplace, name);
        const environment = {
          now: workplace.clock.now(),
          address: options.address ?? null,
          provable: workplace.provable,
        };
        const explanation = workplace.policy.current().explain(principal, coordinate, environment, null);
        if (options.json === true) printJson(explanation);
        else {
          printExplanation(name, coordinate, explanation);
          if (principal.kind === 'user') printAssumption(name, environment.address);
        }
        if (explanation.effect === 'deny') process.exitCode = exitCodes.negative;
      });
    });

  policy
    .command('structure')
    .description(
      'print structure.csv: the rows that let everyone pass through connections, edges and payloads; with modules, those of the modules',
    )
    .action(async (_options: object, command: Command) => {
      const settings = await loadSettings(command);
      const core = buildSchema({ modules: [] });
      const schema = buildSchema(settings);
      // The core's rows ship with it: a second file of them would be refused, row by row.
      printLine(renderStructurePolicy(schema, ...(settings.modules.length > 0 ? [core] : [])).trimEnd());
    });

  addPolicyEvalCommand(policy);
}

function parseAddress(text: string): string {
  if (isIP(text) !== 0) return text;
  throw new PortcullisError('BAD_USER_INPUT', {
    message: `Write an IPv4 or IPv6 address for --address, not "${text}".`,
  });
}

function checkCoordinate(text: string, known: ReadonlySet<string>): asserts text is `${string}.${string}` {
  if (isCoordinate(text) && known.has(text)) return;
  throw new PortcullisError('BAD_USER_INPUT', {
    message: `The schema has no field "${text}". Write Type.field, such as Query.viewer; "portcullis schema print" shows them all.`,
  });
}

const countOf = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** What the answer takes for given: the same person may be answered otherwise after another login, or elsewhere. */
function printAssumption(name: string, address: string | null): void {
  const from = address === null ? 'an address that is not known (say one with --address)' : address;
  printLine();
  printLine(`Asked as if ${name} had just logged in, the strongest way this server knows, from ${from}.`);
}

const outcomes: Readonly<Record<`${RuleExplanation['condition']}`, string>> = {
  true: 'is true',
  false: 'is false',
  unknown: 'is unknown',
  failed: 'failed',
  null: 'is not asked',
};

function printExplanation(name: string, coordinate: string, explanation: Explanation): void {
  printLine(`${name} on ${coordinate}: ${explanation.effect.toUpperCase()}. ${explanation.reason}`);
  printLine();
  printLine(`${name} counts as`);
  for (const { subject, path } of explanation.subjects) {
    printLine(path.length > 1 ? `  ${subject}  (${path.join(' -> ')})` : `  ${subject}`);
  }
  printLine();
  if (explanation.candidates.length === 0) {
    printLine('No rule covers this field, so it is denied to everybody.');
    return;
  }
  const mark = (yes: boolean): string => (yes ? 'yes' : 'no');
  printTable(
    ['RULE', 'EFFECT', 'SUBJECT', 'OBJECT', 'MATCHES', 'ACTION', 'CONDITION', 'DECIDED'],
    explanation.candidates.map((each: RuleExplanation) => [
      showProvenance(each.rule.provenance),
      each.rule.effect,
      each.rule.subject,
      each.rule.object,
      mark(each.subjectMatched),
      mark(each.actionMatched),
      each.rule.condition === null ? '-' : `${each.rule.condition} ${outcomes[each.condition ?? 'null']}`,
      mark(each.decided),
    ]),
  );
}
