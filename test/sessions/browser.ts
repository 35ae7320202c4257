import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import Koa from 'koa';

/** Carries cookies from one Koa context to the next, as a browser would. */
export function inBrowser() {
  const jar = new Map<string, string>();
  const app = new Koa();
  const header = (): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  return {
    header,
    set: (name: string, value: string) => void jar.set(name, value),
    change(how: (value: string) => string) {
      for (const [name, value] of jar) jar.set(name, how(value));
    },
    rename(from: string, to: string) {
      jar.set(to, jar.get(from) ?? '');
      jar.delete(from);
    },
    async visit<T>(work: (ctx: Koa.Context) => Promise<T>): Promise<T> {
      const request = new IncomingMessage(new Socket());
      request.headers = jar.size === 0 ? {} : { cookie: header() };
      const response = new ServerResponse(request);
      const result = await work(app.createContext(request, response));
      for (const line of [response.getHeader('set-cookie') ?? []].flat()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(String(line)) ?? [];
        jar.set(name, value);
      }
      return result;
    },
  };
}
