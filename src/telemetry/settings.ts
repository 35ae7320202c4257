import { z } from 'zod';

const wholePort = { error: 'Write a whole number from 0 to 65535.' };

/** Section `metrics` of the configuration. */
export const metricsSettings = z.strictObject({
  port: z
    .int(wholePort)
    .min(0, wholePort)
    .max(65_535, wholePort)
    .nullable()
    .default(null)
    .describe(
      'Serves Prometheus metrics at /metrics of a port of their own. Without it there are none to see.',
    ),
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('The address to serve them on. Metrics ask for no login: keep them inside.'),
});

export type MetricsSettings = z.infer<typeof metricsSettings>;
