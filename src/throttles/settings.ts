import { z } from 'zod';
import { durationSetting } from '../core/duration-setting.ts';

const attempts = (fallback: number, meaning: string) => z.int().min(1).default(fallback).describe(meaning);

/** Section `throttle` of the configuration. */
export const loginThrottleSettings = z.strictObject({
  window: durationSetting('5m', 'How long the attempts of all numbers but strangersPerAccount are counted.'),
  perAccountAndNetwork: attempts(10, 'Attempts at one account from one network.'),
  perNetwork: attempts(10, 'Attempts from one network, whatever the account.'),
  overall: attempts(
    1_000,
    'Attempts from networks that the account has never logged in from, all accounts together.',
  ),
  strangersPerAccount: z
    .int()
    .min(1)
    .max(100)
    .default(100)
    .describe(
      'Attempts at one account from networks that it has never logged in from; then only known ones may.',
    ),
  strangersWindow: durationSetting(
    '24h',
    'How long strangers’ attempts at an account are counted, and so the longest that strangers are kept out.',
  ),
});

export type LoginThrottleSettings = z.infer<typeof loginThrottleSettings>;
