import { OperatorError, PortcullisError } from '../core/errors.ts';
import type { Check } from './check.ts';
import { inTime } from './in-time.ts';
import type { Patient } from './patient.ts';
import { notLookedAt, problem, problemsOf, type Verdict } from './verdict.ts';

/** What a check found, in how many milliseconds. */
export interface Section extends Pick<Check, 'name' | 'title'> {
  readonly verdicts: readonly Verdict[];
  readonly milliseconds: number;
}

export interface Report {
  /** Whether there is no problem; warnings are none. */
  readonly ok: boolean;
  readonly problems: number;
  readonly warnings: number;
  readonly sections: readonly Section[];
}

export interface Examination {
  readonly patient: Patient;
  readonly checks: readonly Check[];
  /** Milliseconds for all of them together: what is not known by then is told as that. */
  readonly patience: number;
  readonly onDone?: () => void;
}

/** Runs every check, all at once, and tells them in their order. Never rejects: a check that fails is a problem found. */
export async function examine({ patient, checks, patience, onDone }: Examination): Promise<Report> {
  const sections = await Promise.all(
    checks.map(async (check): Promise<Section> => {
      const begun = patient.clock.monotonic();
      const verdicts = await run(check, patient, patience);
      onDone?.();
      const milliseconds = Math.round(patient.clock.monotonic() - begun);
      return { name: check.name, title: check.title, verdicts, milliseconds };
    }),
  );
  const count = (mark: Verdict['mark']): number =>
    sections.flatMap(({ verdicts }) => verdicts).filter((verdict) => verdict.mark === mark).length;
  const problems = count('fail');
  return { ok: problems === 0, problems, warnings: count('warn'), sections };
}

async function run(check: Check, patient: Patient, patience: number): Promise<readonly Verdict[]> {
  const missing = check.needs.filter((setting) => patient.config.unknown.has(setting));
  if (missing.length > 0) {
    const what = missing.length > 3 ? 'the configuration' : missing.join(' and ');
    return [notLookedAt(`Not looked at: it stands on ${what}, and that is at fault above.`)];
  }
  try {
    return await inTime(
      patience,
      (time) => `It did not come to an end within ${time}.`,
      () => check.inspect(patient),
    );
  } catch (error) {
    if (error instanceof OperatorError) return problemsOf(error);
    if (error instanceof PortcullisError) {
      const { message, detail } = error;
      return [problem(detail === undefined ? message : `${message} (${detail})`, null)];
    }
    const reason = error instanceof Error ? error.message : String(error);
    return [problem(`It could not be looked at, by a fault of ours: ${reason}`, 'Report it.')];
  }
}
