import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type {
  Authenticator,
  AuthenticatorDefinition,
  AuthenticatorNeeds,
} from '../../src/authenticators/authenticator.ts';
import { provable } from '../../src/authenticators/provable.ts';
import {
  loadAuthenticators,
  type AuthenticatorEntry,
  type RegistryNeeds,
} from '../../src/authenticators/registry.ts';
import { systemClock } from '../../src/core/clock.ts';
import { OperatorError } from '../../src/core/errors.ts';
import { silentLog } from '../../src/core/log.ts';
import { strategyThat } from './hostile-strategies.ts';

const needs: RegistryNeeds = {
  accounts: { verifyPassword: () => Promise.resolve(null), findByUsername: () => Promise.resolve(null) },
  importModule: (specifier: string) =>
    specifier === 'portcullis-badge'
      ? Promise.resolve({ default: badge })
      : Promise.reject(new Error(`Cannot find package '${specifier}'`)),
  publicUrl: new URL('https://login.example.com'),
  attributes: { department: 'string' },
  clock: systemClock,
  log: silentLog,
};

const badge: AuthenticatorDefinition<{ reader: string; tries: number }> = {
  name: 'badge',
  options: z.strictObject({ reader: z.string(), tries: z.int().default(3) }),
  create: (_options, { name }) => ({
    name,
    strategy: strategyThat((own) => own.fail()),
    proves: { amr: ['hwk', 'pin'], aal: 2 },
    redirect: { label: 'Badge', provision: false },
    identify: () => Promise.resolve({ kind: 'none', reason: 'nobody' }),
  }),
};

function withoutRedirect(made: Authenticator): Authenticator {
  const { redirect, ...rest } = made;
  return redirect === undefined ? made : rest;
}

const faultsOf = async (entries: readonly unknown[]): Promise<readonly string[]> => {
  const error = await loadAuthenticators(entries as AuthenticatorEntry[], needs).catch(
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof OperatorError)) throw new Error('was not refused');
  return error.faults;
};

describe('the registry', () => {
  test('makes what the configuration enables, in its order: built-in, from a package, and given', async () => {
    const enabled = await loadAuthenticators(
      [
        { use: 'portcullis-badge', options: { reader: 'door' } },
        { use: 'password' },
        { use: badge, name: 'back-door-badge', options: { reader: 'back' } },
      ],
      needs,
    );
    expect([...enabled.keys()]).toEqual(['badge', 'password', 'back-door-badge']);
    expect([...enabled.values()].map(({ name }) => name)).toEqual([...enabled.keys()]);
  });

  test('tells each authenticator where its callbacks come to, and which attributes accounts may have', async () => {
    const told: AuthenticatorNeeds[] = [];
    const curious: AuthenticatorDefinition<{ reader: string; tries: number }> = {
      ...badge,
      create: (options, given) => {
        told.push(given);
        return badge.create(options, given);
      },
    };
    await loadAuthenticators([{ use: curious, name: 'acme', options: { reader: 'x' } }], needs);
    expect(told[0]).toMatchObject({
      name: 'acme',
      callbackUrl: new URL('https://login.example.com/login/acme/callback'),
      attributes: { department: 'string' },
    });
  });

  test.each(['session', 'constructor', '__proto__', 'toString', 'hasOwnProperty', 'badge', ''])(
    'knows no authenticator %j that is not enabled (trap: names from URLs)',
    async (name) => {
      const enabled = await loadAuthenticators([{ use: 'password' }], needs);
      expect(enabled.get(name)).toBeUndefined();
    },
  );

  test('lists every fault of every entry at once', async () => {
    const faults = await faultsOf([
      { use: 'no-such-package' },
      { use: 'portcullis-badge', options: { reader: 5, tries: 'many', other: 1 } },
      { use: 'password', options: { anything: true } },
      { use: 'password' },
      { use: 'password' },
      { use: { name: 'x' } },
    ]);
    expect(faults).toHaveLength(7);
    expect(faults[0]).toMatch(/authenticators\[0\].*no-such-package/);
    expect(faults.filter((fault) => fault.startsWith('authenticators[1].options'))).toHaveLength(3);
    expect(faults).toContainEqual(expect.stringMatching(/authenticators\[2\]\.options.*anything/));
    expect(faults).toContainEqual(expect.stringMatching(/authenticators\[4\]: the name password is taken/));
    expect(faults).toContainEqual(expect.stringMatching(/authenticators\[5\]/));
  });

  test.each([
    'session',
    'constructor',
    '__proto__',
    'Password',
    'a b',
    '-a',
    'a-',
    '',
    'x'.repeat(33),
    'login',
    'callback',
    'identities',
    'unlink',
  ])('refuses the name %j', async (name) => {
    expect((await faultsOf([{ use: 'password', name }]))[0]).toMatch(/can't be an authenticator's name/);
  });

  test('refuses one whose form nobody would be asked to fill in', async () => {
    const withForm = (...names: string[]): AuthenticatorEntry => ({
      use: {
        ...badge,
        create: (options: never, given: AuthenticatorNeeds) => ({
          ...withoutRedirect(badge.create(options, given)),
          form: {
            fields: names.map((name) => ({
              maxLength: 9,
              autocomplete: 'off',
              type: 'text',
              label: name,
              name,
            })),
          },
        }),
      },
      options: { reader: 'x' },
    });
    const password = { use: 'password' };
    expect(await faultsOf([password, withForm('code')])).toEqual([
      expect.stringMatching(/nobody could log in with badge: the login page has the fields of password/),
    ]);
    expect(
      await faultsOf([
        password,
        {
          use: {
            ...badge,
            create: (o: never, given: AuthenticatorNeeds) => withoutRedirect(badge.create(o, given)),
          },
          options: { reader: 'x' },
        },
      ]),
    ).toEqual([
      expect.stringMatching(/nobody could log in with badge: it has neither a form nor a redirect/),
    ]);
    for (const entries of [
      [withForm('code'), password],
      [password, withForm('username', 'password')],
      [withForm('code'), { ...withForm('code'), name: 'other' }],
    ]) {
      expect((await loadAuthenticators(entries, needs)).size).toBe(2);
    }
  });

  test('refuses an authenticator that breaks the contract, and one that can’t be made', async () => {
    const made = (authenticator: unknown) => [
      { use: { ...badge, create: () => authenticator }, options: { reader: 'x' } },
    ];
    const callbackUrl = new URL('https://login.example.com/login/badge/callback');
    const good = badge.create({ reader: '', tries: 1 }, { ...needs, callbackUrl, name: 'badge' });
    const broken: unknown[] = [
      null,
      {},
      { ...good, name: 'other' },
      { ...good, strategy: {} },
      { ...good, identify: null },
      { ...withoutRedirect(good), proves: { amr: [], aal: 1 } },
      { ...good, proves: { amr: ['pwd'], aal: 0 } },
      { ...good, redirect: null },
      { ...good, redirect: { label: '', provision: true } },
      { ...good, redirect: { label: 'x'.repeat(61), provision: true } },
      { ...good, redirect: { label: 'Badge' } },
      { ...good, redirect: { label: 'Badge', provision: 1 } },
      { ...good, redirect: { label: 'Badge', provision: true, logoutUrl: 'https://x.example' } },
      { ...good, diagnose: true },
      { ...good, form: { fields: [] } },
      { ...good, form: { fields: [{ name: '__proto__', label: '', autocomplete: '', maxLength: 1 }] } },
    ];
    for (const authenticator of broken)
      expect((await faultsOf(made(authenticator))).length).toBeGreaterThan(0);
    const throwing = {
      ...badge,
      create: () => {
        throw new Error('no reader');
      },
    };
    expect(await faultsOf([{ use: throwing, options: { reader: 'x' } }])).toEqual([
      "authenticators[0]: badge can't be made: no reader",
    ]);
  });
});

test('what a login could prove is every method and the highest level', async () => {
  const enabled = await loadAuthenticators(
    [{ use: 'password' }, { use: 'portcullis-badge', options: { reader: 'x' } }],
    needs,
  );
  expect(provable(enabled.values())).toEqual({ amr: ['hwk', 'pin', 'pwd'], aal: 2 });
  expect(provable(new Map<string, Authenticator>().values())).toEqual({ amr: [], aal: 0 });
});
