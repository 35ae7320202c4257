// Fails unless the tests that name a service really ran, and none was skipped: a service that was configured but not
// used would otherwise pass in silence. Parameters: what jest wrote of the run with no service and of the run with the
// services, and the list of the files that asked for one in the first, which all belong in the second.
import { readFileSync } from 'node:fs';

const [first, second, asked] = process.argv.slice(2).map((file) => readFileSync(file, 'utf8'));
const [without, withThem] = [first, second].map((text) => JSON.parse(text).testResults);
const ran = new Set(withThem.map((file) => file.name));
const leftOut = asked.split('\n').filter((file) => file !== '' && !ran.has(file));

const testsOf = (files) => files.flatMap((file) => file.assertionResults);
const passed = (word) =>
  testsOf(withThem).filter((test) => test.status === 'passed' && test.fullName.includes(word)).length;
const used = { postgresql: passed('postgresql'), redis: passed('redis') };
const all = testsOf([...without, ...withThem]);
const idle = all.filter((test) => test.status !== 'passed');

for (const file of leftOut) console.error(`not run with the services: ${file}`);
for (const test of idle) console.error(`${test.status}: ${test.fullName}`);
console.log(`${without.length} files with no service, of which ${ran.size} ran again with the services`);
console.log(`on PostgreSQL ${used.postgresql}, on Redis ${used.redis}`);
console.log(`${all.length - idle.length} passed, ${idle.length} did not`);
const whole = leftOut.length === 0 && idle.length === 0 && used.postgresql > 0 && used.redis > 0;
process.exit(whole ? 0 : 1);
