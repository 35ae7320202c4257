import { describe, expect, test } from '@jest/globals';
import { askTagged } from './ask-tagged.ts';
import { openTestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { startProcess } from './processes/start.ts';

// pglite-socket 0.2.17 queues messages, not statements: 6,000 of 7,000 answers were wrong, 1,000 another connection's.
describe.each(storeKinds)('the %s store', (kind) => {
  test('gives no connection of two processes an answer that is not its own', async () => {
    const opened = await openTestStore(kind);
    const each = 50_000 / 2;
    try {
      const other = startProcess(
        'ask-tagged.ts',
        opened.options.databaseUrl?.reveal() ?? '',
        opened.options.dataDir,
        'other',
        String(each),
      );
      const answers = await Promise.all([
        askTagged(opened.options, 'own', each),
        other.next<Awaited<ReturnType<typeof askTagged>>>(),
      ]);
      await other.exited;
      expect(answers).toEqual([
        { asked: each, foreign: 0 },
        { asked: each, foreign: 0 },
      ]);
    } finally {
      await opened.close();
    }
  }, 120_000);
});
