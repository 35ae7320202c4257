// Fails unless the tests that name a service really ran, and none was skipped: a service that was configured but not
// used would otherwise pass in silence.
import { readFileSync } from 'node:fs';

const { testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const tests = testResults.flatMap((file) => file.assertionResults);
const passed = (word) =>
  tests.filter((test) => test.status === 'passed' && test.fullName.includes(word)).length;
const idle = tests.filter((test) => test.status !== 'passed');
const used = { postgresql: passed('postgresql'), redis: passed('redis') };

for (const test of idle) console.error(`${test.status}: ${test.fullName}`);
console.log(`on PostgreSQL ${used.postgresql}, on Redis ${used.redis}`);
console.log(`${tests.length - idle.length} passed, ${idle.length} failed`);
process.exit(idle.length > 0 || used.postgresql === 0 || used.redis === 0 ? 1 : 0);
