import type { Clock } from '../../core/clock.ts';

export interface Memory {
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Milliseconds that a value is good for; 0 shares it among those who wait for it, and no longer. */
  readonly freshMs: number;
  /** Milliseconds that a failure is remembered: nobody waits again for what just did not answer. */
  readonly failureMs: number;
}

/** Loads once for everybody who asks meanwhile, and again when it has become old. */
export function remember<Value>(
  load: () => Promise<Value>,
  { clock, freshMs, failureMs }: Memory,
): () => Promise<Value> {
  let known: { readonly value: Promise<Value>; until: number } | null = null;
  return () => {
    if (known !== null && clock.monotonic() < known.until) return known.value;
    const loading = { value: load(), until: Infinity };
    known = loading;
    loading.value.then(
      () => (loading.until = clock.monotonic() + freshMs),
      () => (loading.until = clock.monotonic() + failureMs),
    );
    return loading.value;
  };
}
