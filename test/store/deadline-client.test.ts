import { expect, test } from '@jest/globals';
import pg from 'pg';
import { deadlineClient } from '../../src/store/deadline-client.ts';

/**
 * The pool listens while a connection is idle, TypeORM while it has one. Between the two, within one chunk from the
 * network, nobody does: an answer and "terminating connection" behind it came that way, and ended the process.
 */
test('a connection that is lost between two users ends no process', () => {
  const Client = deadlineClient(1_000, new Set());
  const lost = new Error('terminating connection due to administrator command');
  expect(() => new pg.Client().emit('error', lost)).toThrow(lost.message);
  expect(() => new Client().emit('error', lost)).not.toThrow();
});
