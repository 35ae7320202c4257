import { hasActiveAdministrator, hasAdministrator } from '../../accounts/administrators.ts';
import type { Check } from '../check.ts';
import { good, notLookedAt, problem, warning } from '../verdict.ts';

export const administrators: Check = {
  name: 'administrators',
  title: 'Administrators',
  reason: 'Without one, nobody can let anybody in; whoever opens the link of the first start becomes one.',
  needs: ['policyFolders', 'modules', 'attributes', 'mode', 'dataDir'],
  async inspect(patient) {
    const state = await patient.database();
    const none = warning(
      'There is no administrator.',
      'Start the server: it prints a link that makes the first one. Or: portcullis user create NAME --group superusers',
    );
    if (state.kind === 'not-made') return [none];
    if (state.kind !== 'open' || state.facts.pending.length > 0) {
      return [notLookedAt('Not looked at: the database is not open, or not migrated.')];
    }
    const { memberships } = await patient.policy();
    if (await hasActiveAdministrator(state.store, memberships)) return [good('There is at least one.')];
    if (!(await hasAdministrator(state.store, memberships))) return [none];
    return [
      problem(
        'Every administrator is suspended.',
        'Reactivate one that you trust: portcullis user reactivate NAME',
      ),
    ];
  },
};
