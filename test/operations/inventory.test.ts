import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkOnePassport } from '../../src/authenticators/one-passport.ts';
import { OperatorError } from '../../src/core/errors.ts';

const root = resolve(import.meta.dirname, '../..');
const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

interface Manifest {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}
const manifest = readJson(join(root, 'package.json')) as Manifest;
const { packages } = readJson(join(root, 'package-lock.json')) as {
  packages: Readonly<Record<string, Locked & Manifest>>;
};
const locked = Object.entries(packages).filter(([path]) => path !== '');
const nameOf = (path: string): string => path.replace(/^.*node_modules\//, '');
/** What is installed where the server runs. */
const production = locked.filter(([, { dev }]) => dev !== true);

describe('C72: the inventory of packages', () => {
  test('names one version of each dependency, and the lock file has the same', () => {
    const asked = { ...manifest.dependencies, ...manifest.devDependencies };
    expect(Object.values(asked).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect(packages['']?.dependencies).toEqual(manifest.dependencies);
    expect(packages['']?.devDependencies).toEqual(manifest.devDependencies);
    for (const [name, version] of Object.entries(asked))
      expect([name, packages[`node_modules/${name}`]?.version]).toEqual([name, version]);
  });

  test('has the digest of every package, by which npm refuses any other content', () => {
    expect(locked.length).toBeGreaterThan(100);
    expect(locked.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ''))).toEqual([]);
    expect(locked.filter(([, { link }]) => link === true)).toEqual([]);
  });

  test('is what is installed', () => {
    const installed = production.filter(([path]) => existsSync(join(root, path)));
    // Left out are only builds for other machines.
    expect(installed.length).toBeGreaterThan(production.length * 0.8);
    for (const [path, { version }] of installed) {
      const { version: there } = readJson(join(root, path, 'package.json')) as Manifest;
      expect([path, there]).toEqual([path, version]);
    }
  });

  test('is printed as a bill of materials, from the lock file alone, with every package of production and its digest', () => {
    const [command = '', ...args] = (manifest.scripts['sbom'] ?? '').split(' ');
    expect(command).toBe('npm');
    const printed = execFileSync(command, [...args, '--offline'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 64 * 1024 * 1024,
    });
    const bill = JSON.parse(printed) as {
      bomFormat: string;
      components: {
        name: string;
        version: string;
        purl: string;
        hashes: { alg: string; content: string }[];
      }[];
    };
    expect(bill.bomFormat).toBe('CycloneDX');
    const listed = new Map(bill.components.map((each) => [`${each.name}@${each.version}`, each]));
    for (const [path, { version, integrity = '' }] of production) {
      const component = listed.get(`${nameOf(path)}@${version}`);
      const digest = Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');
      expect([path, component?.hashes]).toEqual([path, [{ alg: 'SHA-512', content: digest }]]);
    }
  });
});

describe('C72: a server', () => {
  let base: string;
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'portcullis-copies-'));
  });
  afterEach(() => rm(base, { recursive: true, force: true }));

  const install = async (folder: string, name: string, version: string): Promise<string> => {
    const at = join(base, folder, 'node_modules', name);
    await mkdir(at, { recursive: true });
    await writeFile(join(at, 'package.json'), JSON.stringify({ name, version }));
    return at;
  };
  const faultOf = (uses: readonly string[]): string | null => {
    try {
      checkOnePassport(
        base,
        uses.map((use) => ({ use })),
      );
      return null;
    } catch (error) {
      if (error instanceof OperatorError) return error.message;
      throw error;
    }
  };

  test('starts where there is our copy of passport and no other', async () => {
    expect(faultOf(['password', 'oidc'])).toBeNull();
    await install('.', 'an-authenticator', '1.0.0');
    expect(faultOf(['an-authenticator', './mine.ts'])).toBeNull();
    // The same copy under another name is no other copy.
    await symlink(join(root, 'node_modules', 'passport'), join(base, 'node_modules', 'passport'));
    expect(faultOf(['an-authenticator'])).toBeNull();
  });

  test('refuses to start where the configuration’s folder has another copy', async () => {
    await install('.', 'passport', '0.6.0');
    expect(faultOf([])).toMatch(/two copies of passport: 0\.7\.0 in .+ and 0\.6\.0 in .+npm ls passport/);
  });

  test('refuses to start where an authenticator’s package brings another copy', async () => {
    await install('.', '@acme/careless', '1.0.0');
    await install('node_modules/@acme/careless', 'passport', '0.6.0');
    expect(faultOf(['password'])).toBeNull();
    expect(faultOf(['password', '@acme/careless'])).toMatch(/0\.6\.0 in .+careless/);
  });

  test('refuses to start where an authenticator’s file lies beside another copy', async () => {
    await install('mine', 'passport', '0.5.0');
    await writeFile(join(base, 'mine', 'authenticator.ts'), 'export default {};\n');
    expect(faultOf(['./mine/authenticator.ts'])).toMatch(/0\.5\.0 in .+mine/);
  });
});
