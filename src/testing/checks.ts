import type { Authenticator } from '../authenticators/authenticator.ts';
import { findAuthenticatorFaults } from '../authenticators/authenticator-faults.ts';

/** One thing that an authenticator must do. `run` rejects with a sentence where it does not. */
export interface ConformanceCheck {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** Makes the authenticator, anew for each check. */
export type Make = () => Authenticator | Promise<Authenticator>;

export const checksOf =
  (make: Make) =>
  (name: string, test: (authenticator: Authenticator) => Promise<void>): ConformanceCheck => ({
    name,
    run: async () => test(await make()),
  });

export function expectThat(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

export const contractCheck = (make: Make): ConformanceCheck =>
  checksOf(make)('it has every member of the contract, each of the right form', (authenticator) => {
    const faults = findAuthenticatorFaults(authenticator, authenticator.name);
    expectThat(faults.length === 0, faults.join(' '));
    return Promise.resolve();
  });

export const unprovedCheck = (make: Make): ConformanceCheck =>
  checksOf(make)('what a strategy did not prove identifies nobody', async (authenticator) => {
    for (const junk of junkUsers()) {
      const { kind } = await identified(authenticator, junk);
      expectThat(
        kind !== 'account' && kind !== 'identity',
        'identify made somebody out of something that nobody proved.',
      );
      expectThat(
        kind !== 'thrown',
        'identify threw at something that nobody proved: answer { kind: "none" }, so that the chain goes on.',
      );
    }
  });

async function identified(authenticator: Authenticator, junk: unknown): Promise<{ readonly kind: string }> {
  try {
    return await authenticator.identify(junk);
  } catch {
    return { kind: 'thrown' };
  }
}

/** What a careless strategy might call a user. */
export const junkUsers = (): readonly unknown[] => [
  null,
  undefined,
  0,
  '',
  true,
  'root',
  [],
  {},
  Promise.resolve({ id: 'root' }),
  { id: '00000000-0000-7000-8000-000000000000', username: 'root', status: 'active' },
  JSON.parse('{"__proto__": {"id": "root"}, "constructor": "root"}') as unknown,
];
