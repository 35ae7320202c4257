import { namedStatementRefusal, refusalOf, unparsedBindRefusal } from './refusals.ts';

/** The longest message a client may send, in bytes. */
export const maxMessageBytes = 16 * 1024 * 1024;

/** What a client sent and may be run as one: nothing of anybody else's may come between its messages. */
export type Unit =
  | { readonly kind: 'run'; readonly bytes: Buffer }
  | { readonly kind: 'refused'; readonly sqlState: string; readonly reason: string }
  | { readonly kind: 'terminate' };

type Refused = Extract<Unit, { kind: 'refused' }>;
const refused = (sqlState: string, reason: string): Refused => ({ kind: 'refused', sqlState, reason });

/** Collects a client's bytes into units. After a refusal or Terminate it takes no more. */
export interface UnitReader {
  push(chunk: Buffer): Unit[];
}

const malformed = refused('08P01', 'That message is not of the form the protocol gives it.');

/** Two zero-terminated strings at the start of a Parse (statement, text) or Bind (portal, statement) message. */
function twoStrings(body: Buffer): readonly [string, string] | null {
  const first = body.indexOf(0);
  const second = body.indexOf(0, first + 1);
  if (first < 0 || second <= first) return null;
  return [body.toString('utf8', 0, first), body.toString('utf8', first + 1, second)];
}

export function createUnitReader(): UnitReader {
  let chunks: Buffer[] = [];
  let buffered = 0;
  let needed = 5;
  let collected: Buffer[] = [];
  let collectedBytes = 0;
  let parsed = false;
  let over = false;

  /** Takes one message into the unit, or says why it can't be. */
  const refuse = (type: string, body: Buffer): Refused | null => {
    switch (type) {
      case 'P': {
        const strings = twoStrings(body);
        if (strings === null) return malformed;
        const [name, sql] = strings;
        parsed = true;
        const refusal = name === '' ? refusalOf(sql) : namedStatementRefusal;
        return refusal === null ? null : refused('0A000', refusal);
      }
      case 'B': {
        const strings = twoStrings(body);
        if (strings === null) return malformed;
        if (strings[1] !== '') return refused('0A000', namedStatementRefusal);
        return parsed ? null : refused('0A000', unparsedBindRefusal);
      }
      case 'Q': {
        if (body.length === 0 || body.indexOf(0) !== body.length - 1) return malformed;
        // After an error the backend passes over everything up to Sync, a query too: nobody would be answered.
        if (collected.length > 0) return refused('08P01', 'A Sync must end what came before a simple query.');
        const refusal = refusalOf(body.toString('utf8', 0, body.length - 1));
        return refusal === null ? null : refused('0A000', refusal);
      }
      case 'D':
      case 'E':
      case 'C':
      case 'S':
        return null;
      default:
        return refused(
          '08P01',
          `The embedded database does not take messages of type ${JSON.stringify(type)}.`,
        );
    }
  };

  /** Takes one message; `false` where it was the last. */
  const take = (bytes: Buffer, units: Unit[]): boolean => {
    const type = String.fromCharCode(bytes.readUInt8(0));
    if (type === 'X') {
      units.push({ kind: 'terminate' });
      return false;
    }
    const refusal = refuse(type, bytes.subarray(5));
    if (refusal !== null) {
      units.push(refusal);
      return false;
    }
    collected.push(bytes);
    collectedBytes += bytes.length;
    if (collectedBytes > 2 * maxMessageBytes) {
      units.push(refused('54000', 'Too much came before a Sync.'));
      return false;
    }
    if (type === 'S' || type === 'Q') {
      units.push({ kind: 'run', bytes: Buffer.concat(collected) });
      collected = [];
      collectedBytes = 0;
      parsed = false;
    }
    return true;
  };

  return {
    push(chunk) {
      const units: Unit[] = [];
      if (over) return units;
      chunks.push(chunk);
      buffered += chunk.length;
      // Joined only once a whole message is there: joining at each chunk would copy a long one over and over.
      if (buffered < needed) return units;
      const bytes = Buffer.concat(chunks);
      let at = 0;
      needed = 5;
      while (bytes.length - at >= 5) {
        const length = bytes.readInt32BE(at + 1);
        if (length < 4 || length > maxMessageBytes) {
          over = true;
          units.push(
            refused('08P01', `A message of ${length} bytes can't be taken (at most ${maxMessageBytes}).`),
          );
          return units;
        }
        needed = length + 1;
        if (bytes.length - at < needed) break;
        over = !take(bytes.subarray(at, at + needed), units);
        if (over) return units;
        at += needed;
        needed = 5;
      }
      chunks = [bytes.subarray(at)];
      buffered = bytes.length - at;
      return units;
    },
  };
}
