import { defineConfig } from 'portcullis';
import { acme, startAcme } from './acme.ts';
import { notes } from './module.ts';
import { seedPeople } from './people.ts';
import { seedNotes } from './seed-notes.ts';

/** `npm run demo`: the server as it ships, with one module more, an OpenID Provider, and people to log in as. */
export default defineConfig({
  dataDir: 'demo-data',
  policyFolders: ['policies', 'examples/notes/policies'],
  modules: [notes],
  authenticators: [{ use: 'password' }, acme],
  started: async (house) => {
    await seedPeople(house);
    await seedNotes(house);
    await startAcme(house);
  },
  graphiqlQuery: `# 1. Log in at /login as ann
#    (the terminal shows the password).
# 2. Run this: "users" is denied.
# 3. Add a line to policies/groups.csv:
#
#      g, user:ann, group:support
#
# 4. Run it again: allowed.
{
  viewer {
    subject
  }
  notes {
    title
  }
  users(first: 10) {
    edges {
      node {
        username
        email
      }
    }
  }
}
`,
});
