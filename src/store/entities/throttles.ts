import { moment } from './moment.ts';
import { table } from './table.ts';

export interface ThrottleBucketRecord {
  readonly key: string;
  readonly taken: number;
  readonly windowEndsAt: number;
}

export const ThrottleBuckets = table<ThrottleBucketRecord>({
  name: 'ThrottleBucket',
  tableName: 'throttle_buckets',
  columns: {
    key: { type: 'text', primary: true },
    taken: { type: 'integer' },
    windowEndsAt: { ...moment, name: 'window_ends_at' },
  },
});

export interface LoginNetworkRecord {
  readonly userId: string;
  readonly network: string;
  readonly lastLoginAt: number;
}

export const LoginNetworks = table<LoginNetworkRecord>({
  name: 'LoginNetwork',
  tableName: 'login_networks',
  columns: {
    userId: { type: 'uuid', primary: true, name: 'user_id' },
    network: { type: 'text', primary: true },
    lastLoginAt: { ...moment, name: 'last_login_at' },
  },
});
