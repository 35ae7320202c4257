import type { Check } from './check.ts';
import { administrators } from './checks/administrators.ts';
import { authenticators } from './checks/authenticators.ts';
import { clocks } from './checks/clocks.ts';
import { configuration } from './checks/configuration.ts';
import { cors } from './checks/cors.ts';
import { dataDirectory } from './checks/data-directory.ts';
import { database } from './checks/database.ts';
import { listener } from './checks/listener.ts';
import { origin } from './checks/origin.ts';
import { policy } from './checks/policy.ts';
import { proxies } from './checks/proxies.ts';
import { redis } from './checks/redis.ts';
import { runtime } from './checks/runtime.ts';
import { secrets } from './checks/secrets.ts';

/** Everything that is looked at, in the order in which it is told: what others stand on comes first. */
export const checks: readonly Check[] = [
  runtime,
  configuration,
  secrets,
  origin,
  listener,
  proxies,
  cors,
  dataDirectory,
  database,
  clocks,
  redis,
  policy,
  administrators,
  authenticators,
];
