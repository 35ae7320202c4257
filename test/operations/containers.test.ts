import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { environmentVariables } from '../../src/config/environment.ts';
import { parseSettings } from '../../src/config/load-config.ts';
import { parseDuration } from '../../src/core/duration.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const packageJson = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>;
  bin: Record<string, string>;
};
const defaults = parseSettings({}, root);
const secretVariable = /SECRET|PASSWORD|TOKEN|DATABASE_URL|REDIS_URL/;
/** An image with a version, and not whatever is newest. */
const pinned = /^[a-z0-9./-]+:\d[\w.-]*$/;

interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** The instructions of the Dockerfile, lines that go on joined, stage by stage. */
const stages: readonly (readonly Instruction[])[] = read('Dockerfile')
  .replace(/^#.*$/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '')
  .map((line) => ({ name: line.split(' ')[0] ?? '', text: line.slice(line.indexOf(' ') + 1).trim() }))
  .reduce<Instruction[][]>((all, each) => {
    if (each.name === 'FROM') all.push([]);
    all.at(-1)?.push(each);
    return all;
  }, []);
const last = stages.at(-1) ?? [];
const every = stages.flat();
const textsOf = (name: string, instructions: readonly Instruction[] = every): string[] =>
  instructions.filter((each) => each.name === name).map(({ text }) => text);
/** What is copied from the context: its sources. */
const copied = textsOf('COPY')
  .filter((text) => !text.startsWith('--from='))
  .flatMap((text) => text.split(/\s+/).slice(0, -1));

describe('the Dockerfile', () => {
  test('has two stages at least, each from a pinned image', () => {
    expect(stages.length).toBeGreaterThan(1);
    for (const text of textsOf('FROM')) expect(text.split(' ')[0]).toMatch(pinned);
  });

  test('copies what is there, and nothing that .dockerignore keeps out', () => {
    const ignore = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(ignore[0]).toBe('*');
    const letIn = ignore.slice(1).map((line) => line.replace(/^!/, ''));
    expect(copied.length).toBeGreaterThan(5);
    expect(copied.filter((source) => !existsSync(join(root, source)))).toEqual([]);
    expect(new Set(copied)).toEqual(new Set(letIn));
  });

  test('copies from another stage only what that one has', () => {
    const from = textsOf('COPY', last).filter((text) => text.startsWith('--from='));
    expect(from.map((text) => text.split(' ')[1])).toEqual(['/build/node_modules', '/build/dist']);
    expect(textsOf('WORKDIR', stages[0])).toEqual(['/build']);
  });

  test('installs what the lock file says, without anybody’s scripts, and leaves without what is for development', () => {
    const runs = textsOf('RUN', stages[0]);
    const installs = runs.filter((text) => text.startsWith('npm ci'));
    expect(installs).toHaveLength(2);
    for (const install of installs) expect(install).toContain('--ignore-scripts');
    expect(runs.at(-1)).toContain('--omit=dev');
    expect(every.some(({ text }) => text.includes('npm install'))).toBe(false);
  });

  test('runs only scripts that there are', () => {
    const scripts = every.flatMap(({ text }) =>
      [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name),
    );
    expect(scripts).toEqual(['build']);
    for (const script of scripts) expect(Object.keys(packageJson.scripts)).toContain(script);
  });

  test('runs as somebody who is not root, in a data directory of their own', () => {
    const user = textsOf('USER', last).at(-1);
    expect(user).toBe('node');
    expect(textsOf('RUN', last)).toContain(`install -d -o ${user} -g ${user} -m 700 /data`);
    // Nothing is written after it, so that the program is not theirs to change.
    const names = last.map(({ name }) => name);
    expect(
      names.slice(names.indexOf('USER')).filter((name) => ['RUN', 'COPY', 'ADD'].includes(name)),
    ).toEqual([]);
  });

  test('sets only variables that the server reads, and no secret', () => {
    const set = textsOf('ENV').flatMap((text) => [...text.matchAll(/(\w+)=/g)].map(([, name]) => name ?? ''));
    expect(set).toContain('NODE_ENV');
    for (const name of set) expect(Object.keys(environmentVariables)).toContain(name);
    for (const name of [...set, ...textsOf('ARG')]) expect(name).not.toMatch(secretVariable);
  });

  test('exposes the port that the server listens on, and asks /healthz of it', () => {
    expect(textsOf('EXPOSE', last)).toEqual([String(defaults.port)]);
    const [check = ''] = textsOf('HEALTHCHECK', last);
    expect(check).toContain(`process.env.PORT || ${defaults.port}}/healthz`);
    expect(read('src/http/routes/health.ts')).toContain("router.get('/healthz'");
  });

  test('starts the program that package.json names, and lets it have the signals', () => {
    expect(JSON.parse(textsOf('ENTRYPOINT', last)[0] ?? '')).toEqual(['node', packageJson.bin['portcullis']]);
    expect(JSON.parse(textsOf('CMD', last)[0] ?? '')).toEqual(['serve']);
    expect(textsOf('STOPSIGNAL', last)).toEqual(['SIGTERM']);
  });
});

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly expose?: readonly string[];
  readonly volumes?: readonly string[];
  readonly command?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly stop_grace_period?: string;
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

// It has no types, and comes with the tests' own runner.
const yaml = createRequire(import.meta.url)('js-yaml') as { safeLoad(text: string): unknown };
const compose = yaml.safeLoad(read('compose.yaml')) as Compose;
const services = Object.entries(compose.services);
const server = compose.services['portcullis']!;

describe('compose.yaml', () => {
  test('builds the server and pins everything else', () => {
    expect(server.build).toBe('.');
    expect(services.map(([name]) => name)).toEqual(['portcullis', 'database', 'sessions']);
    for (const [, { image, build }] of services) if (build === undefined) expect(image).toMatch(pinned);
  });

  test('starts the server when what it stands on answers', () => {
    const needs = Object.entries(server.depends_on ?? {});
    expect(needs.map(([name]) => name)).toEqual(['database', 'sessions']);
    for (const [name, { condition }] of needs) {
      expect(condition).toBe('service_healthy');
      expect(compose.services[name]?.healthcheck?.test[0]).toBe('CMD');
    }
  });

  test('gives the server only variables that it reads', () => {
    const given = Object.keys(server.environment ?? {});
    expect(given).toEqual(expect.arrayContaining(['PUBLIC_URL', 'SECRETS', 'DATABASE_URL', 'REDIS_URL']));
    for (const name of given) expect(Object.keys(environmentVariables)).toContain(name);
  });

  test('has no secret and no default for one: each is asked for, with what to put there', () => {
    for (const [, { environment = {} }] of services) {
      for (const [name, value] of Object.entries(environment)) {
        const asked = [...value.matchAll(/\$\{(\w+)(:[?-])?([^}]*)\}/g)];
        if (secretVariable.test(name) || name === 'REDISCLI_AUTH') expect(asked).not.toEqual([]);
        for (const [, variable = '', how, text = ''] of asked) {
          if (!secretVariable.test(variable) && variable !== 'PUBLIC_URL') continue;
          expect([variable, how]).toEqual([variable, ':?']);
          expect(text.length).toBeGreaterThan(10);
        }
      }
    }
    expect(read('compose.yaml')).not.toMatch(/:\/\/\w+:(?!\$\{)\w+@/);
  });

  test('lets only this machine in, metrics only the other containers, and the database nobody', () => {
    expect(server.ports).toEqual([`127.0.0.1:${defaults.port}:${defaults.port}`]);
    expect(server.expose).toEqual([server.environment?.['METRICS_PORT']]);
    for (const [name, { ports }] of services) if (name !== 'portcullis') expect(ports).toBeUndefined();
  });

  test('keeps sessions on disk, and throws none away for lack of memory', () => {
    const command = compose.services['sessions']?.command?.join(' ');
    expect(command).toContain('--appendonly yes');
    expect(command).toContain('--maxmemory-policy noeviction');
    expect(command).toContain('--requirepass');
  });

  test('gives the server longer to end than it takes', () => {
    expect(parseDuration(server.stop_grace_period ?? '')).toBeGreaterThan(defaults.shutdown.within + 1_000);
  });

  test('takes from the server what it does not need', () => {
    expect([server.read_only, server.cap_drop, server.security_opt]).toEqual([
      true,
      ['ALL'],
      ['no-new-privileges:true'],
    ]);
    expect(server.tmpfs).toEqual(['/tmp']);
  });

  test('names only volumes and folders that are there', () => {
    const mounted = services.flatMap(([, { volumes = [] }]) =>
      volumes.map((volume) => volume.split(':')[0] ?? ''),
    );
    const named = mounted.filter((source) => !source.startsWith('.'));
    expect(new Set(named)).toEqual(new Set(Object.keys(compose.volumes)));
    for (const source of mounted.filter((each) => each.startsWith('.')))
      expect(existsSync(join(root, source))).toBe(true);
  });
});
