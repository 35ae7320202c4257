import { z } from 'zod';
import { parseDuration } from './duration.ts';

/** Milliseconds of a setting's text; an issue says what to write instead. */
export function parseDurationSetting(text: string, context: z.core.$RefinementCtx): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === null) {
    context.addIssue(`Write a length of time such as 30s, 5m, 12h or 7d, not "${text}".`);
  }
  return milliseconds ?? 0;
}

/** A setting that is a length of time: text such as `30s`, `5m`, `12h`, `7d` in the configuration, milliseconds once read. */
export const durationSetting = (fallback: string, meaning: string) =>
  z.string().default(fallback).transform(parseDurationSetting).describe(meaning);
