import { describe, expect, test } from '@jest/globals';
import { createServerLog } from '../src/server-log.ts';

const seeded = 'seeded-secret-7f3a9c';

function openLog() {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  return { log: createServerLog({ mode: 'production', logLevel: 'debug' }, { write }), lines };
}

describe("the server's log", () => {
  test.each(['err', 'error'])(
    'C35: prints of an error logged as "%s" no member that may hold a secret (pino prints all of them)',
    (name) => {
      const { log, lines } = openLog();
      const packet = Buffer.from(`Cookie: portcullis=${seeded}`);
      const failure = Object.assign(new Error('Parse Error'), { code: 'HPE_INVALID', rawPacket: packet });
      const cause = Object.assign(new Error('duplicate key'), { parameters: [seeded], detail: seeded });
      log.error({ [name]: Object.assign(new Error('failed', { cause }), { query: seeded }) }, 'It failed.');
      log.warn({ [name]: failure }, 'It was cut.');
      log.warn({ [name]: seeded }, 'Somebody threw a string.');
      const text = lines.join('');
      expect(text).not.toContain(seeded);
      expect(text).not.toContain([...packet.subarray(0, 8)].join(','));
      expect(JSON.parse(lines[0]!)).toMatchObject({
        [name]: { type: 'Error', message: 'failed', cause: { message: 'duplicate key' } },
        msg: 'It failed.',
      });
      expect(JSON.parse(lines[1]!)).toMatchObject({ [name]: { code: 'HPE_INVALID' } });
    },
  );

  test('C35: hides members named like a secret, one level deep too', () => {
    const { log, lines } = openLog();
    log.info({ password: seeded, request: { cookie: seeded, token: seeded } }, 'Something.');
    expect(lines.join('')).not.toContain(seeded);
  });
});
