import type { Settings } from '../config/settings.ts';
import type { Patient } from './patient.ts';
import type { Verdict } from './verdict.ts';

/** One thing that the doctor looks at. */
export interface Check {
  /** Stable: what programs know it by. */
  readonly name: string;
  /** Its heading for people. */
  readonly title: string;
  /** What goes wrong where nobody looks. */
  readonly reason: string;
  /** The settings that it stands on: while one of them is at fault itself, there is nothing to look at. */
  readonly needs: readonly (keyof Settings)[];
  /** Looks, and changes nothing. Rejects for a fault of ours alone. */
  inspect(patient: Patient): readonly Verdict[] | Promise<readonly Verdict[]>;
}
