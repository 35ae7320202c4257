import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { PolicyFile } from './loaded-policy.ts';
import { policyVersion } from './version.ts';

/** The files that decided last, kept for a restart that finds the edited ones broken. */
export interface LastGood {
  /** `null` where nothing was kept, or what was kept is damaged: it would not be what decided. */
  load(): Promise<readonly PolicyFile[] | null>;
  /** Rejects where it can't be written (a full disk): the caller says so and goes on. */
  save(files: readonly PolicyFile[]): Promise<void>;
}

const none = { rules: [], memberships: [], coverage: [] };

const keptSchema = z.strictObject({
  format: z.literal(1),
  /** Digest of the files alone: a file that was cut short or touched does not come back as a policy. */
  digest: z.string(),
  files: z.array(z.strictObject({ name: z.string(), text: z.string() })),
});

export function openLastGood(path: string | null): LastGood {
  return {
    async load() {
      if (path === null) return null;
      try {
        const kept = keptSchema.parse(JSON.parse(await readFile(path, 'utf8')));
        return policyVersion(kept.files, none) === kept.digest ? kept.files : null;
      } catch {
        return null;
      }
    },
    async save(files) {
      if (path === null) return;
      const texts = files.map(({ name, text }) => ({ name, text: Buffer.from(text).toString('utf8') }));
      const kept: z.infer<typeof keptSchema> = {
        format: 1,
        digest: policyVersion(texts, none),
        files: texts,
      };
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFileAtomic(path, JSON.stringify(kept), { mode: 0o600 });
    },
  };
}
