import { Counter, Gauge, type Registry } from 'prom-client';
import type { Clock } from '../core/clock.ts';
import type { PolicyEngine } from '../policy/engine.ts';
import { showFinding } from '../policy/finding.ts';
import { addTableMetrics } from './table-metrics.ts';
import { countOverSnapshots } from './count-over-snapshots.ts';

/**
 * Which policy decides, since when, what was refused since, and conditions that could not be evaluated. `aggregator` says
 * which of several workers counts: the one that is furthest behind, or worst off.
 */
export function addPolicyMetrics(
  registry: Registry,
  policy: Pick<PolicyEngine, 'current' | 'status' | 'onChange'>,
  clock: Clock,
): void {
  const registers = [registry];
  new Gauge({
    name: 'portcullis_policy_info',
    help: '1 for the version of the policy that decides, and where it comes from: files, or last-good while they are refused.',
    labelNames: ['version', 'source'],
    registers,
    aggregator: 'max',
    collect() {
      const { version, source } = policy.status();
      this.reset();
      this.set({ version, source }, 1);
    },
  });
  new Gauge({
    name: 'portcullis_policy_loaded_timestamp_seconds',
    help: 'Unix time at which the policy that decides was loaded.',
    registers,
    aggregator: 'min',
    collect() {
      this.set(policy.status().loadedAt / 1_000);
    },
  });
  new Gauge({
    name: 'portcullis_policy_epoch',
    help: 'How new the grants of the policy are: it rises with every change of them.',
    registers,
    aggregator: 'min',
    collect() {
      this.set(policy.status().epoch);
    },
  });
  new Gauge({
    name: 'portcullis_policy_refused_findings',
    help: 'Why the files on disk, or the newest grants, are refused: how many findings; 0 while both decide.',
    registers,
    aggregator: 'max',
    collect() {
      this.set(policy.status().refusal.length);
    },
  });
  addRefusals(registry, policy, clock);
  addConditionFailures(registry, policy);
  addTableMetrics(registry, policy);
}

function addRefusals(
  registry: Registry,
  policy: Pick<PolicyEngine, 'status' | 'onChange'>,
  clock: Clock,
): void {
  const registers = [registry];
  const refusals = new Counter({
    name: 'portcullis_policy_refusals_total',
    help: 'How often a changed policy was refused.',
    registers,
  });
  const last = new Gauge({
    name: 'portcullis_policy_last_refusal_timestamp_seconds',
    help: 'Unix time of the last refusal; 0 where there was none.',
    registers,
    aggregator: 'max',
  });
  let known = '';
  const take = (): void => {
    const refusal = policy.status().refusal.map(showFinding).join('\n');
    if (refusal !== '' && refusal !== known) {
      refusals.inc();
      last.set(clock.now() / 1_000);
    }
    known = refusal;
  };
  // It may have started on the last good one.
  take();
  policy.onChange(take);
}

function addConditionFailures(registry: Registry, policy: Pick<PolicyEngine, 'current' | 'onChange'>): void {
  const failures = new Counter({
    name: 'portcullis_condition_failures_total',
    help: 'Conditions that could not be evaluated: of an allow rule it does not allow, of a deny rule it denies.',
    labelNames: ['effect'],
    registers: [registry],
    collect: () => {
      take();
    },
  });
  failures.inc({ effect: 'allow' }, 0);
  failures.inc({ effect: 'deny' }, 0);
  const take = countOverSnapshots(policy, {
    read: (snapshot) => {
      const found = { allow: 0, deny: 0 };
      for (const [rule, count] of snapshot.failedConditions) found[rule.effect] += count;
      return [found.allow, found.deny];
    },
    add: ([allow = 0, deny = 0]) => {
      failures.inc({ effect: 'allow' }, allow);
      failures.inc({ effect: 'deny' }, deny);
    },
  });
}
