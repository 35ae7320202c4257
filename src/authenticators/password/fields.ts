import { longestPassword } from '../../accounts/password.ts';
import type { FormField } from '../authenticator.ts';

export const passwordFields: readonly FormField[] = [
  { name: 'username', label: 'Username', type: 'text', autocomplete: 'username', maxLength: 64 },
  {
    name: 'password',
    label: 'Password',
    type: 'password',
    autocomplete: 'current-password',
    maxLength: longestPassword,
  },
];
