import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inspectConfig } from '../../src/config/inspect-config.ts';
import { systemClock, type Clock } from '../../src/core/clock.ts';
import { examine, type Report } from '../../src/doctor/examine.ts';
import { createPatient } from '../../src/doctor/patient.ts';
import { checks } from '../../src/doctor/table.ts';
import type { Verdict } from '../../src/doctor/verdict.ts';

const root = resolve(import.meta.dirname, '../..');

/** A folder as somebody would run a server in: the shipped policy, no data yet. */
export interface DoctorSite {
  /** A port of nobody's: what `examine` goes by unless the environment gives another. */
  readonly port: number;
  readonly folder: string;
  readonly policies: string;
  readonly dataDir: string;
  /** Writes the configuration file. */
  configure(source: string): Promise<void>;
  /** The doctor's whole report on what these environment variables come to. */
  examine(env?: Record<string, string>, clock?: Clock): Promise<Report>;
  remove(): Promise<void>;
}

export async function prepareDoctorSite(): Promise<DoctorSite> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-doctor-'));
  await cp(join(root, 'policies'), join(folder, 'policies'), { recursive: true });
  const port = await findFreePort();
  return {
    port,
    folder,
    policies: join(folder, 'policies'),
    dataDir: join(folder, 'data'),
    configure: (source) => writeFile(join(folder, 'portcullis.config.ts'), source),
    async examine(env = {}, clock = systemClock) {
      const given = { PORT: String(port), PUBLIC_URL: `http://localhost:${port}`, ...env };
      const config = await inspectConfig({ file: null, env: given, cwd: folder }, 3_000);
      // Patient, so that a busy machine fails no test.
      const patient = createPatient({ config, clock, databasePatience: 30_000 });
      try {
        return await examine({ patient, checks, patience: 40_000 });
      } finally {
        await patient.close();
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export const sectionOf = ({ sections }: Report, name: string): readonly Verdict[] => {
  const section = sections.find((each) => each.name === name);
  if (section === undefined) throw new Error(`there is no check ${name}`);
  return section.verdicts;
};

/** A section in one line for each verdict: `warn No proxy … -> Name …`. */
export const told = (report: Report, name: string): string =>
  sectionOf(report, name)
    .map(({ mark, message, remedy }) => `${mark} ${message}${remedy === null ? '' : ` -> ${remedy}`}`)
    .join('\n');
