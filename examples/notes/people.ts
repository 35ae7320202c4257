import { operator, OperatorError, type Started } from 'portcullis';

/** For trying things out on this machine alone: everybody knows it. */
const password = 'portcullis-demo';

const people = [
  { username: 'ann', name: 'Ann Archer', email: 'ann@example.com', groups: ['writers'] },
  { username: 'ben', name: 'Ben Bell', email: 'ben@example.com', groups: ['writers'] },
  { username: 'cleo', name: 'Cleo Clay', email: 'cleo@example.com', groups: ['support'] },
  { username: 'dora', name: 'Dora Dunn', email: 'dora@example.com', groups: ['superusers'] },
] as const;

/** Makes the demo's people where they are not there yet. Refused in production: their password is public. */
export const seedPeople: Started = async ({ mode, accounts }) => {
  if (mode === 'production')
    throw new OperatorError('The demo makes people with a known password: not in production.');
  for (const person of people) {
    if ((await accounts.findByUsername(person.username)) === null) {
      await accounts.create({ ...person, password }, operator);
    }
  }
  process.stdout.write(
    `\nPeople to log in as: ${people.map(({ username }) => username).join(', ')}. Password: ${password}\n`,
  );
};
