import { appendFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { TestEnvironment as NodeEnvironment } from 'jest-environment-node';

const pglite = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'));
const compiled = WebAssembly.compile(readFileSync(join(pglite, 'pglite.wasm')));

const list = process.env['PORTCULLIS_ASKED_FILE'] ?? '';
let current = '';
let told = '';
const tell = () => {
  if (current !== told) appendFileSync(list, `${current}\n`);
  told = current;
};
const { DATABASE_URL, REDIS_URL } = process.env;
const watched = (env) => {
  for (const [name, value] of Object.entries({ DATABASE_URL, REDIS_URL }))
    Object.defineProperty(env, name, { enumerable: true, configurable: true, get: () => (tell(), value) });
  return env;
};
// What child processes inherit that are started without `env`.
if (list !== '') process.env = watched({ ...process.env });

/**
 * Node's. It keeps the embedded database's code compiled, which V8 then gives to every thread of the process that asks
 * for it. Where PORTCULLIS_ASKED_FILE names a file, it lists there each test file that asked for the URL of a service,
 * or let a process inherit it: a file that did not can't tell whether there is one.
 */
export default class Environment extends NodeEnvironment {
  constructor(config, context) {
    current = told = '';
    super(config, context);
    current = context.testPath;
    if (list !== '') watched(this.global.process.env);
  }

  async setup() {
    await super.setup();
    await compiled;
  }
}
