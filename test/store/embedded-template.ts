import { createHash } from 'node:crypto';
import { cpSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../src/core/log.ts';
import { migrate } from '../../src/store/migrate.ts';

/** What the templates are a copy of: they are made anew when a migration changes. */
export async function schemaDigest(): Promise<string> {
  const folder = new URL('../../src/store/migrations/', import.meta.url);
  const digest = createHash('sha256');
  for (const name of (await readdir(folder)).sort())
    digest.update(name).update(await readFile(new URL(name, folder)));
  return digest.digest('hex').slice(0, 12);
}

/** A data directory, migrated, that nobody has open. */
async function embeddedTemplate(): Promise<string> {
  const home = join(tmpdir(), `portcullis-test-${process.getuid?.() ?? 0}`);
  const template = join(home, `template-${await schemaDigest()}`);
  await mkdir(home, { recursive: true, mode: 0o700 });
  if ((await readdir(home)).includes(template.slice(home.length + 1))) return template;
  const draft = await mkdtemp(join(home, 'draft-'));
  await migrate({ databaseUrl: null, dataDir: draft, log: silentLog });
  // Whoever is first: the others' drafts are as good.
  await rename(draft, template).catch(() => rm(draft, { recursive: true, force: true }));
  return template;
}

/** Makes a data directory as a first start leaves it, in a fiftieth of the time. */
export async function layEmbeddedDatabase(dataDir: string): Promise<void> {
  const template = await embeddedTemplate();
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // A quarter of the time of a thousand files copied one promise after the other.
  cpSync(join(template, 'database'), join(dataDir, 'database'), { recursive: true });
}
