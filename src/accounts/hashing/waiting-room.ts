import { PortcullisError } from '../../core/errors.ts';

export interface WaitingRoomSettings {
  /** How many work at once. */
  readonly concurrency: number;
  /** How many may wait. */
  readonly waiting: number;
  /** Longest wait for a place, milliseconds. */
  readonly waitDeadline: number;
}

/** How busy it is now. */
export interface WaitingRoomStatus {
  readonly working: number;
  readonly waiting: number;
  /** How many may wait. */
  readonly capacity: number;
}

/**
 * Lets so many work at once and so many wait, first come first served. Runs the work, or rejects with BUSY where the room
 * is full or the wait was too long: a queue without an end is an outage that has not happened yet.
 */
export function createWaitingRoom({ concurrency, waiting, waitDeadline }: WaitingRoomSettings) {
  const queue = new Set<() => void>();
  let working = 0;

  const busy = (detail: string): PortcullisError => new PortcullisError('BUSY', { retryAfter: 1, detail });

  function turn(): Promise<void> {
    if (working < concurrency) {
      working += 1;
      return Promise.resolve();
    }
    if (queue.size >= waiting) return Promise.reject(busy(`${queue.size} are waiting to be hashed`));
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        queue.delete(enter);
        reject(busy(`waited ${waitDeadline} ms to be hashed`));
      }, waitDeadline);
      queue.add(enter);
    });
  }

  /** Hands the place on, so that a newcomer can't overtake whoever waits. */
  function leave(): void {
    const [next] = queue;
    if (next === undefined) {
      working -= 1;
      return;
    }
    queue.delete(next);
    next();
  }

  return {
    async run<T>(work: () => Promise<T>): Promise<T> {
      await turn();
      try {
        return await work();
      } finally {
        leave();
      }
    },
    status: (): WaitingRoomStatus => ({ working, waiting: queue.size, capacity: waiting }),
  };
}
