import { join } from 'node:path';
import { silentLog } from '../../core/log.ts';
import { compilePolicy } from '../../policy/compile-policy.ts';
import type { Finding } from '../../policy/finding.ts';
import { openLastGood } from '../../policy/last-good.ts';
import type { PolicyRows } from '../../policy/rule.ts';
import type { Check } from '../check.ts';
import type { Running } from '../find-running.ts';
import type { PolicyInspection } from '../inspect-policy.ts';
import type { Patient } from '../patient.ts';
import { good, notLookedAt, problem, type Verdict, warning } from '../verdict.ts';

/** The rest is for `policy check`. */
const mostShown = 10;

export const policy: Check = {
  name: 'policy',
  title: 'Policy',
  reason:
    'Files with an error are refused whole: the last good policy decides, or the server does not start.',
  needs: ['policyFolders', 'modules', 'attributes', 'mode', 'dataDir'],
  async inspect(patient) {
    const inspection = await patient.policy();
    const { findings } = inspection;
    const errors = findings.filter(({ severity }) => severity === 'error');
    return [
      ...(errors.length === 0
        ? await inspectDecisive(patient, inspection)
        : await inspectRefused(patient, inspection)),
      ...show(errors, 'error', problem),
      ...show(
        findings.filter(({ severity }) => severity === 'warning'),
        'warning',
        warning,
      ),
    ];
  },
};

const noGrants: PolicyRows = { rules: [], memberships: [], coverage: [] };

async function inspectDecisive(
  { settings, clock, config, running }: Patient,
  { files, grants, declarations }: PolicyInspection,
): Promise<readonly Verdict[]> {
  const needs = { declarations, production: settings.mode === 'production', clock, log: silentLog };
  const compiled = await compilePolicy(files, grants ?? noGrants, needs);
  if ('refusal' in compiled) return show(compiled.refusal, 'error', problem);
  const { version, rows, coverage } = compiled.snapshot;
  const given = grants === null ? 0 : grants.rules.length + grants.memberships.length;
  // Introspection is meant to be nobody's where nothing names it.
  const uncovered = coverage.uncovered.filter((coordinate) => !coordinate.startsWith('Query.__'));
  const counted = grants === null ? '' : `, ${given} of the rows granted at run time`;
  return [
    good(
      `${settings.policyFolders.join(', ')}: ${rows.rules.length} rules and ${rows.memberships.length} memberships of groups` +
        `${counted}; they cover ${coverage.covered} of ${coverage.total} fields.`,
    ),
    ...(grants === null
      ? [
          notLookedAt(
            'What was granted at run time is not looked at: the database is not open, or not migrated.',
          ),
        ]
      : [good(`Its version is ${version}.`)]),
    ...(grants === null || config.unknown.has('port') ? [] : inspectTaken(version, await running())),
    ...(uncovered.length === 0
      ? []
      : [
          warning(
            `No rule covers ${list(uncovered)}: nobody but superusers may touch ${uncovered.length === 1 ? 'it' : 'them'}.`,
            'Give each to somebody, or leave it at that.',
          ),
        ]),
  ];
}

/** Whether the server that runs has taken the files as they are now. */
function inspectTaken(version: string, running: Running): readonly Verdict[] {
  if (running.kind !== 'server' || running.state !== 'ready') return [];
  const { source, version: decides } = running.policy;
  if (source === 'last-good') {
    return [
      problem(
        `The server that runs decides by the last good policy, ${decides}: it refuses its files.`,
        'Its log says why. Where that is not so here, it has other files or settings than this command.',
      ),
    ];
  }
  return decides === version
    ? [good('The server that runs decides by it.')]
    : [
        warning(
          `The server that runs decides by another version, ${decides}.`,
          'Look again in a moment; if it stays so, it has other files, settings or data than this command.',
        ),
      ];
}

async function inspectRefused(
  { settings, clock }: Patient,
  { grants, declarations }: PolicyInspection,
): Promise<readonly Verdict[]> {
  const kept = await openLastGood(join(settings.dataDir, 'last-good-policy.json')).load();
  const needs = { declarations, production: settings.mode === 'production', clock, log: silentLog };
  const compiled = kept === null ? null : await compilePolicy(kept, grants ?? noGrants, needs);
  return [
    compiled !== null && 'snapshot' in compiled
      ? problem(
          `The files are refused: the last good policy decides, ${compiled.snapshot.version}.`,
          'Mend what follows; the files are read again at once.',
        )
      : problem(
          'The files are refused, and no good policy was kept: a server does not start.',
          'Mend what follows.',
        ),
  ];
}

function show(
  findings: readonly Finding[],
  kind: string,
  verdict: (message: string, remedy: string) => Verdict,
): readonly Verdict[] {
  const more = findings.length - mostShown;
  return [
    ...findings
      .slice(0, mostShown)
      .map(({ file, line, message, remedy }) =>
        verdict(`${line === 0 ? file : `${file}:${line}`}: ${message}`, remedy),
      ),
    ...(more <= 0
      ? []
      : [
          verdict(
            `There ${more === 1 ? `is one more ${kind}` : `are ${more} more ${kind}s`}.`,
            'Run `portcullis policy check`.',
          ),
        ]),
  ];
}

const list = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
