/**
 * Messages that the front itself sends, and the one query it asks (PostgreSQL 18 documentation, section 54.7
 * "Message Formats"). Everything else is the backend's, passed on byte by byte.
 */

function message(type: string, ...parts: (string | Buffer)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)),
  );
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const int32 = (...values: number[]): Buffer => {
  const buffer = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => buffer.writeInt32BE(value, 4 * index));
  return buffer;
};

/** What the backend reports of itself; drivers read dates and numbers by it. */
const parameters = {
  server_version: '18.6',
  server_encoding: 'UTF8',
  client_encoding: 'UTF8',
  DateStyle: 'ISO, MDY',
  integer_datetimes: 'on',
  standard_conforming_strings: 'on',
  TimeZone: 'UTC',
};

/** AuthenticationOk, the parameters, a key that cancels nothing, ReadyForQuery. The socket's mode is the password. */
export const welcome: Buffer = Buffer.concat([
  message('R', int32(0)),
  ...Object.entries(parameters).map(([name, value]) => message('S', name, value)),
  message('K', int32(0, 0)),
  message('Z', Buffer.from('I')),
]);

/** An error after which the connection is closed. `sqlState` as in the documentation's appendix A. */
export const fatal = (sqlState: string, text: string): Buffer =>
  message('E', 'SFATAL', 'VFATAL', `C${sqlState}`, `M${text}`, '');

/** A simple query. */
export const query = (sql: string): Buffer => message('Q', sql);

/** Where the session stands after a unit: idle, in a transaction, or in one that failed. */
export type TransactionStatus = 'I' | 'T' | 'E';

/** Reads the ReadyForQuery that every whole answer ends with; `null` where it does not: the backend is out of step. */
export function statusAfter(answer: Uint8Array): TransactionStatus | null {
  const ready = Buffer.from(
    answer.buffer,
    answer.byteOffset + answer.byteLength - 6,
    answer.byteLength < 6 ? 0 : 6,
  );
  if (ready.length < 6 || ready[0] !== 0x5a || ready.readInt32BE(1) !== 5) return null;
  const status = String.fromCharCode(ready.readUInt8(5));
  return status === 'I' || status === 'T' || status === 'E' ? status : null;
}
