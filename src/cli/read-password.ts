import { text } from 'node:stream/consumers';
import { read } from 'read';
import { PortcullisError } from '../core/errors.ts';

/**
 * A password from whoever runs the command: typed twice and unseen at a terminal, or the first line of standard input.
 * @throws BAD_USER_INPUT where there is none, or the two differ.
 */
export async function readPassword(fromStdin: boolean, twice: boolean): Promise<string> {
  const refuse = (message: string): never => {
    throw new PortcullisError('BAD_USER_INPUT', { message });
  };
  if (fromStdin) {
    const password = (await text(process.stdin)).replace(/\r?\n[\s\S]*$/, '');
    return password === '' ? refuse('There was no password on standard input.') : password;
  }
  if (!process.stdin.isTTY)
    return refuse('There is no terminal to ask at: give the password with --password-stdin.');
  const password = await read({ prompt: 'Password: ', silent: true });
  if (twice && (await read({ prompt: 'Once more: ', silent: true })) !== password) {
    return refuse('The two passwords differ. Nothing was changed.');
  }
  return password;
}
