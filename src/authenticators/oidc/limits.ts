/** Milliseconds for all requests of one login: below the 5 s of whoever waits for the strategy, so that it can say why. */
export const loginDeadlineMs = 4_500;

/** Bytes of one answer of a provider. */
export const longestAnswer = 1_000_000;

/**
 * Requests to one provider at the same time: what strangers begin without end must hold neither sockets nor memory without
 * end. Whoever comes then waits for their turn until their deadline.
 */
export const mostRequests = 50;

/** Seconds by which the provider's clock and ours, or those of two nodes of ours, may differ. */
export const skewSeconds = 60;

/** Milliseconds after which a provider's metadata is asked for again. */
export const metadataFreshMs = 60 * 60 * 1_000;

/** Milliseconds for which it is remembered that a provider did not answer: whoever comes meanwhile need not wait. */
export const failureMs = 5_000;

/** Milliseconds between the start of a login and its callback. */
export const longestLogin = 10 * 60 * 1_000;

/** Milliseconds that a logout waits to hear where it goes on. */
export const logoutDeadlineMs = 1_000;
