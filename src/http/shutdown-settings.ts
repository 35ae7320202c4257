import { z } from 'zod';
import { durationSetting, parseDurationSetting } from '../core/duration-setting.ts';

/** What closing parts other than the listener may take, of `within`. Milliseconds. */
const reserve = 2_000;

/** Section `shutdown` of the configuration. */
export const shutdownSettings = z
  .strictObject({
    lead: z
      .string()
      .optional()
      .transform((text, context) =>
        text === undefined || text === '0s' ? text : parseDurationSetting(text, context),
      )
      .transform((lead) => (lead === '0s' ? 0 : lead))
      .describe(
        'How long a server that is asked to stop goes on taking requests while /readyz says that it is not ready, so ' +
          'that a load balancer can turn elsewhere. Default: 2s in production, 0s in development.',
      ),
    within: durationSetting(
      '9s',
      'Within this time of being asked, the process has ended, whatever is in flight: less than what the supervisor gives it.',
    ),
  })
  .refine(({ lead, within }) => within - (lead ?? defaultLead) >= reserve + 1_000, {
    error: 'Write a time that is at least 3s longer than shutdown.lead.',
    path: ['within'],
  });

const defaultLead = 2_000;

export type ShutdownSettings = z.infer<typeof shutdownSettings>;

/** How long a closing server waits for what, in milliseconds. */
export interface ShutdownTimes {
  readonly lead: number;
  /** For requests in flight, once the lead is over. */
  readonly drain: number;
}

export function shutdownTimes(
  { lead: chosen, within }: ShutdownSettings,
  mode: 'development' | 'production',
): ShutdownTimes {
  const lead = chosen ?? (mode === 'production' ? defaultLead : 0);
  return { lead, drain: within - lead - reserve };
}
