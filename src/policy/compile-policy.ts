import { buildSnapshot, defaultTableBytes } from './build-snapshot.ts';
import type { PolicyEngineOptions } from './engine.ts';
import { loadPolicy } from './files/load-policy.ts';
import type { Finding } from './finding.ts';
import type { PolicyFile } from './loaded-policy.ts';
import type { PolicyRows } from './rule.ts';
import type { PolicySnapshot } from './snapshot.ts';
import { policyVersion } from './version.ts';

export type Compiled =
  { readonly snapshot: PolicySnapshot } | { readonly refusal: readonly [Finding, ...Finding[]] };

type Needs = Pick<PolicyEngineOptions, 'declarations' | 'production' | 'tableBytes' | 'clock' | 'log'>;

/** From files and grants to a snapshot, beside whatever decides now; or every error that stands against it. */
export async function compilePolicy(
  files: readonly PolicyFile[],
  grants: PolicyRows,
  { declarations, production, tableBytes = defaultTableBytes, clock, log }: Needs,
): Promise<Compiled> {
  try {
    const loaded = loadPolicy(files, declarations, grants, { production });
    const [first, ...others] = loaded.findings.filter((finding) => finding.severity === 'error');
    if (first !== undefined) return { refusal: [first, ...others] };
    const version = policyVersion(files, grants);
    const { schema } = declarations;
    return { snapshot: await buildSnapshot(loaded, version, { schema, tableBytes, clock, log }) };
  } catch (error) {
    log.error(
      { event: 'policy.not-compiled', err: error },
      'A policy that passed every check could not be compiled.',
    );
    const fault = {
      message: 'The policy could not be compiled, though every check passed.',
      remedy: 'Undo the last edit, and report this: the log has the cause.',
    };
    return { refusal: [{ ...fault, code: 'not-compiled', severity: 'error', file: 'model.conf', line: 0 }] };
  }
}
