import { lookup, type LookupAddress } from 'node:dns';

/** The addresses of a name, at least one. Rejects with the resolver's error. */
export type ResolveHost = (hostname: string) => Promise<readonly LookupAddress[]>;

/**
 * Whoever asks for a name while it is being resolved waits for that answer. The system's resolver occupies one of the
 * process's few threads (four, unless UV_THREADPOOL_SIZE says otherwise) for as long as DNS is silent, whoever has stopped
 * waiting: a login for each of them would leave none for the passwords and cookies of everybody else.
 */
export function createResolveHost(): ResolveHost {
  const asked = new Map<string, Promise<readonly LookupAddress[]>>();
  return (hostname) => {
    const known = asked.get(hostname);
    if (known !== undefined) return known;
    const answer = resolve(hostname).finally(() => asked.delete(hostname));
    asked.set(hostname, answer);
    return answer;
  };
}

const resolve = (hostname: string): Promise<readonly LookupAddress[]> =>
  new Promise((settle, reject) => {
    lookup(hostname, { all: true }, (error, addresses) => {
      if (error === null) settle(addresses);
      else reject(error);
    });
  });
