import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGzip } from 'node:zlib';

/** Answers of a server that does not keep to HTTP, or not to what was asked. */
type Raw = (request: IncomingMessage, response: ServerResponse) => void;

export const neverAnswers: Raw = () => undefined;

const json = { 'content-type': 'application/json' };

/** A byte now and then: each arrives in time, the whole never. */
export const trickles: Raw = (_request, response) => {
  response.writeHead(200, json);
  const timer = setInterval(() => response.write(' '), 200);
  response.on('close', () => {
    clearInterval(timer);
  });
};

export const answersHtml: Raw = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<!doctype html><title>Sign in</title>');
};

export const answersStatus =
  (status: number, body: object = {}): Raw =>
  (_request, response) => {
    response.writeHead(status, json);
    response.end(JSON.stringify(body));
  };

export const redirectsTo =
  (path: string): Raw =>
  (_request, response) => {
    response.writeHead(302, { location: path });
    response.end();
  };

const hundredMegabytes = 100_000_000;
const chunk = Buffer.alloc(100_000, ' ');

export const answersTooMuch: Raw = (_request, response) => {
  response.writeHead(200, json);
  let left = hundredMegabytes;
  const write = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length;
      if (!response.write(chunk)) {
        response.once('drain', write);
        return;
      }
    }
    response.end('{}');
  };
  write();
};

/** A hundred megabytes of spaces in a hundred kilobytes. */
export const answersCompressed: Raw = (_request, response) => {
  response.writeHead(200, { ...json, 'content-encoding': 'gzip' });
  const zip = createGzip();
  zip.pipe(response);
  zip.on('error', () => undefined);
  for (let left = hundredMegabytes / 10; left > 0; left -= chunk.length) zip.write(chunk);
  zip.end('{}');
};

export const breaksOff: Raw = (_request, response) => {
  response.writeHead(200, { ...json, 'content-length': '1000' });
  response.write('{"issuer":');
  setTimeout(() => response.destroy(), 20);
};

export const hangsUp: Raw = (request) => {
  request.socket.destroy();
};

export const speaksNoHttp: Raw = (request) => {
  request.socket.end('220 mail.acme.example ESMTP\r\n');
};

export const switchesProtocols: Raw = (request) => {
  request.socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: acme\r\nConnection: Upgrade\r\n\r\n');
};

export const answersStatus999: Raw = (request) => {
  request.socket.end('HTTP/1.1 999 Acme\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}');
};

export const hasHugeHeaders: Raw = (request) => {
  request.socket.write(`HTTP/1.1 200 OK\r\nx-acme: ${'a'.repeat(1_000_000)}\r\n\r\n`);
};
