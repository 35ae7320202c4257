import { Counter, Gauge, type Registry } from 'prom-client';
import type { Hasher } from '../accounts/hashing/hasher.ts';
import type { Audit } from '../audit/audit.ts';
import type { GraphqlServer } from '../graphql/server.ts';
import type { Store } from '../store/store.ts';

/** Parts that can tell at any time how they are. */
export interface WatchedParts {
  readonly audit: Pick<Audit, 'status'>;
  readonly hasher: Pick<Hasher, 'status'>;
  readonly store: Pick<Store, 'pool'>;
  readonly graphql: Pick<GraphqlServer<never>, 'openStreams'>;
}

interface Reading {
  readonly name: string;
  readonly help: string;
  readonly counter?: true;
  /** What several workers come to together; their sum where nothing is said. */
  readonly together?: 'max';
  readonly read: (parts: WatchedParts) => number;
}

const readings: readonly Reading[] = [
  {
    name: 'portcullis_audit_queue_records',
    help: 'Audit records that wait to be written.',
    read: ({ audit }) => audit.status().queued,
  },
  {
    name: 'portcullis_audit_queue_capacity_records',
    help: 'Audit records that may wait to be written.',
    read: ({ audit }) => audit.status().capacity,
  },
  {
    name: 'portcullis_audit_lost_records_total',
    help: 'Audit records that found the queue full, and stand in the log alone.',
    counter: true,
    read: ({ audit }) => audit.status().lost,
  },
  {
    name: 'portcullis_audit_failing_since_seconds',
    help: 'Unix time at which writing audit records began to fail; 0 while it works.',
    together: 'max',
    read: ({ audit }) => (audit.status().failingSince ?? 0) / 1_000,
  },
  {
    name: 'portcullis_hashing_working',
    help: 'Passwords that are being hashed.',
    read: ({ hasher }) => hasher.status().working,
  },
  {
    name: 'portcullis_hashing_queue_length',
    help: 'Passwords that wait to be hashed.',
    read: ({ hasher }) => hasher.status().waiting,
  },
  {
    name: 'portcullis_hashing_queue_capacity',
    help: 'Passwords that may wait to be hashed; past it the answer is 429.',
    read: ({ hasher }) => hasher.status().capacity,
  },
  {
    name: 'portcullis_database_connections',
    help: 'Open connections to the database.',
    read: ({ store }) => store.pool().open,
  },
  {
    name: 'portcullis_database_connections_idle',
    help: 'Open connections to the database that nobody uses.',
    read: ({ store }) => store.pool().idle,
  },
  {
    name: 'portcullis_database_connections_max',
    help: 'How many connections to the database there may be.',
    read: ({ store }) => store.pool().most,
  },
  {
    name: 'portcullis_database_waiting',
    help: 'Statements and units of work that wait for a connection.',
    read: ({ store }) => store.pool().waiting,
  },
  {
    name: 'portcullis_subscriptions_open',
    help: 'Subscriptions that are being answered.',
    read: ({ graphql }) => graphql.openStreams(),
  },
];

/** Puts into the registry what parts tell of themselves, read when somebody asks. */
export function addGauges(registry: Registry, parts: WatchedParts): void {
  const registers = [registry];
  for (const { name, help, counter, together, read } of readings) {
    if (counter === true) {
      new Counter({
        name,
        help,
        registers,
        collect() {
          this.reset();
          this.inc(read(parts));
        },
      });
    } else {
      new Gauge({
        name,
        help,
        registers,
        aggregator: together ?? 'sum',
        collect() {
          this.set(read(parts));
        },
      });
    }
  }
}
