import { Readable } from 'node:stream';

/**
 * A web stream as Koa can send it. `Readable.fromWeb` takes Node's own streams only, and GraphQL's are of another make;
 * this cancels the stream at once when the client leaves, whether or not a chunk is awaited.
 */
export function readableOf(stream: ReadableStream<Uint8Array>): Readable {
  const reader = stream.getReader();
  return new Readable({
    read() {
      reader.read().then(
        ({ done, value }) => this.push(done ? null : value),
        (error: unknown) => this.destroy(error instanceof Error ? error : new Error('The stream broke.')),
      );
    },
    destroy(error, done) {
      reader.cancel(error).then(
        () => {
          done(error);
        },
        () => {
          done(error);
        },
      );
    },
  });
}
