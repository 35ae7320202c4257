import { DefaultEffector, Effect, type Effector } from 'casbin';

/** What Casbin has said so far within one call of the enforcer. */
export interface Recording {
  /** How many rules have been judged: the index of the one whose matcher runs now. */
  judged: number;
  /** Indexes of the rules that matched, in policy order. */
  readonly matched: number[];
}

/**
 * Casbin's own effector, which besides writes down every rule that matched. Casbin stops at the first deny and tells
 * one rule; a decision names them all, so the stream goes on past the end, and only what stock heard counts.
 */
export function recordingEffector(recording: () => Recording): Effector {
  const stock = new DefaultEffector();
  return {
    newStream(expression) {
      const stream = stock.newStream(expression);
      let done = false;
      return {
        current: () => stream.current(),
        pushEffect(effect) {
          const record = recording();
          if (effect !== Effect.Indeterminate) record.matched.push(record.judged);
          record.judged += 1;
          if (!done) done = stream.pushEffect(effect)[2];
          return [stream.current(), false, false];
        },
      };
    },
  };
}
