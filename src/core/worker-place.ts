/** Which of the workers of one machine a server is. What is to be done once is done by the first, at its first start. */
export interface WorkerPlace {
  /** From 1. */
  readonly worker: number;
  /** Another one had this place, and told that it was ready. */
  readonly replaces: boolean;
}
