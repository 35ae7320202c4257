import type { Command } from 'commander';
import { inspectConfig } from '../config/inspect-config.ts';
import { systemClock } from '../core/clock.ts';
import { examine, type Report } from '../doctor/examine.ts';
import { createPatient } from '../doctor/patient.ts';
import { checks } from '../doctor/table.ts';
import type { Mark } from '../doctor/verdict.ts';
import { exitCodes } from './exit-codes.ts';
import { type OutputOptions, printJson, printLine } from './output.ts';
import { withProgress } from './progress.ts';
import { configSource } from './workplace.ts';

/** Milliseconds: the whole run ends within 15 s, however much is down. */
const patience = { config: 3_000, database: 7_000, checks: 10_000, closing: 1_000 } as const;

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description(
      'say what the settings come to, try what the server depends on, and what to do where it is wrong',
    )
    .option('--json', 'print JSON')
    .action(async (options: OutputOptions, command: Command) => {
      const config = await inspectConfig(configSource(command), patience.config);
      const patient = createPatient({ config, clock: systemClock, databasePatience: patience.database });
      const report = await withProgress('Looking', checks.length, options, ({ step }) =>
        examine({ patient, checks, patience: patience.checks, onDone: step }),
      );
      if (options.json === true) printJson(report);
      else printReport(report);
      process.exitCode = report.ok ? exitCodes.ok : exitCodes.negative;
      // What still waits for something that is down must not keep the process.
      setTimeout(() => process.exit(), patience.closing).unref();
      await patient.close();
    });
}

const marks: Readonly<Record<Mark, string>> = { ok: 'ok', warn: 'warn', fail: 'FAIL', skip: '-' };

function printReport({ sections, problems, warnings }: Report): void {
  for (const { title, verdicts } of sections) {
    printLine(title);
    for (const { mark, message, remedy } of verdicts) {
      printLine(`  ${marks[mark].padEnd(6)}${message}`);
      if (remedy !== null) printLine(`        -> ${remedy}`);
    }
  }
  printLine();
  printLine(
    problems + warnings === 0
      ? 'All is well.'
      : `${countOf(problems, 'problem')}, ${countOf(warnings, 'warning')}.`,
  );
}

const countOf = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
