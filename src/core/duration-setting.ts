import { z } from 'zod';
import { parseDuration } from './duration.ts';

/** A setting that is a length of time: text such as `30s`, `5m`, `12h`, `7d` in the configuration, milliseconds once read. */
export const durationSetting = (fallback: string, meaning: string) =>
  z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const milliseconds = parseDuration(text);
      if (milliseconds === null) {
        context.addIssue(`Write a length of time such as 30s, 5m, 12h or 7d, not "${text}".`);
      }
      return milliseconds ?? 0;
    })
    .describe(meaning);
