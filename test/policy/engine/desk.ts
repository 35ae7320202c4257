import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Coordinate } from '../../../src/core/coordinate.ts';
import type { Principal } from '../../../src/core/principal.ts';
import type { PolicyEngine, PolicyEngineOptions } from '../../../src/policy/engine.ts';
import { openPolicyEngine } from '../../../src/policy/open-engine.ts';
import type { PolicySnapshot } from '../../../src/policy/snapshot.ts';
import type { PolicyRows } from '../../../src/policy/rule.ts';
import {
  anonymous,
  builtin,
  coordinates,
  declarations,
  environment,
  model,
  noRows,
  nothing,
  recordingLog,
  standingClock,
  user,
  type Told,
} from '../fixture.ts';

/** A folder to edit and engines over it, all gone at the end of the test. */
export interface Desk {
  readonly folder: string;
  readonly told: readonly Told[];
  /** Grants that the engines load. Change them and raise the epoch. */
  readonly grants: { epoch: number; rows: PolicyRows; loads: number; fail: Error | null };
  readonly path: (name: string) => string;
  readonly write: (name: string, text: string | Uint8Array) => void;
  readonly open: (options?: Partial<PolicyEngineOptions>) => Promise<PolicyEngine>;
  readonly clear: () => Promise<void>;
}

export function setDesk(rules: string): Desk {
  const root = mkdtempSync(join(tmpdir(), 'portcullis-policy-'));
  const folder = join(root, 'policies');
  const log = recordingLog();
  const engines: PolicyEngine[] = [];
  const grants: Desk['grants'] = { epoch: 1, rows: noRows, loads: 0, fail: null };
  const path = (name: string): string => join(folder, name);
  const write = (name: string, text: string | Uint8Array): void => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  };
  write('model.conf', model);
  write('builtin.csv', builtin);
  write('rules.csv', rules);
  return {
    folder,
    told: log.told,
    grants,
    path,
    write,
    async open(options = {}) {
      const engine = await openPolicyEngine({
        folders: [folder],
        lastGoodFile: join(root, 'data', 'last-good.json'),
        production: false,
        declarations,
        grants: {
          load: () => {
            grants.loads += 1;
            const { epoch, rows, fail } = grants;
            return fail === null ? Promise.resolve({ epoch, rows }) : Promise.reject(fail);
          },
        },
        watch: false,
        settleMs: 2,
        clock: standingClock(),
        log,
        ...options,
      });
      engines.push(engine);
      return engine;
    },
    async clear() {
      for (const engine of engines) await engine.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

const people: readonly Principal[] = [
  anonymous,
  user('ann'),
  user('bob', { groups: ['support'] }),
  user('root'),
];

/** Every answer that a snapshot gives to a few people over the whole schema, as one text. */
export const answersOf = (snapshot: PolicySnapshot): string =>
  people
    .map((person) => {
      const decisions = snapshot.decisionsFor(person, environment);
      return coordinates.map((coordinate) => decisions.decide(coordinate, nothing).effect).join(' ');
    })
    .join('\n');

export const effectFor = (snapshot: PolicySnapshot, person: Principal, coordinate: Coordinate): string =>
  snapshot.decisionsFor(person, environment).decide(coordinate, nothing).effect;
