import type { AuthenticatorDefinition } from '../authenticator.ts';
import { passwordFields } from './fields.ts';
import { passwordOptions, type PasswordOptions } from './options.ts';
import { createPasswordStrategy } from './strategy.ts';

/** Username and password of an account here (passport-local). */
export const password: AuthenticatorDefinition<PasswordOptions> = {
  name: 'password',
  options: passwordOptions,
  create: (_options, { name, accounts }) => ({
    name,
    proves: { amr: ['pwd'], aal: 1 },
    form: { fields: passwordFields },
    ...createPasswordStrategy(accounts),
  }),
};
