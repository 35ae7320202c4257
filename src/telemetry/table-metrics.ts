import { Counter, Gauge, type Registry } from 'prom-client';
import type { PolicyEngine } from '../policy/engine.ts';
import type { TableStatus } from '../policy/snapshot.ts';
import { countOverSnapshots } from './count-over-snapshots.ts';

/** What the decisions that are remembered take, and how often one was not. */
export function addTableMetrics(
  registry: Registry,
  policy: Pick<PolicyEngine, 'current' | 'onChange'>,
): void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: (status: TableStatus) => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read(policy.current().tables()));
      },
    });
  };
  gauge(
    'portcullis_permission_tables',
    'Permission sets whose decisions are remembered, of the policy that decides.',
    ({ tables }) => tables,
  );
  gauge(
    'portcullis_permission_tables_bytes',
    'Bytes that the remembered decisions take, about.',
    ({ bytes }) => bytes,
  );
  gauge(
    'portcullis_permission_tables_max_bytes',
    'Bytes that the remembered decisions may take: policyTables.',
    ({ most }) => most,
  );
  const asked = new Counter({
    name: 'portcullis_policy_questions_total',
    help: 'Decisions that were not remembered, and asked of the policy: one for each permission set and field.',
    registers,
    collect: () => {
      take();
    },
  });
  const take = countOverSnapshots(policy, {
    read: (snapshot) => [snapshot.tables().asked],
    add: ([more = 0]) => {
      asked.inc(more);
    },
  });
}
