/** An operation as whoever watches them sees it. Its name is the client's own word: never a label of a metric. */
export interface ObservedOperation {
  readonly type: 'query' | 'mutation' | 'subscription';
  readonly name: string | null;
}

/**
 * Runs an operation: to time it. It tells the codes of the errors in its answer (of a subscription: in what began it),
 * and answers and rejects as the work does:
 * at once, where the work does.
 */
export type ObserveOperation = <Answer>(
  operation: ObservedOperation,
  work: (tellErrors: (codes: readonly string[]) => void) => Answer | Promise<Answer>,
) => Answer | Promise<Answer>;

export const unobserved: ObserveOperation = (_operation, work) => work(() => undefined);
