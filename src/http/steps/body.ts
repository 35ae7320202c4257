import { PortcullisError } from '../../core/errors.ts';
import { parseForm } from '../form.ts';
import { graphqlPath } from '../paths.ts';
import { readBody } from '../read-body.ts';
import type { HttpContext, Step } from '../state.ts';

/**
 * /graphql takes JSON and everything else takes forms, both in UTF-8 and uncompressed. What a page of another site can
 * send without being asked first (text/plain, multipart) is not among them.
 */
export const body =
  (limit: number): Step =>
  async (ctx, next) => {
    ctx.state.body = null;
    ctx.state.form = null;
    if (ctx.method === 'POST') {
      const json = ctx.path === graphqlPath;
      checkMediaType(ctx, json ? 'application/json' : 'application/x-www-form-urlencoded');
      ctx.state.body = await readBody(ctx, limit);
      if (!json) ctx.state.form = parseForm(ctx.state.body);
    }
    await next();
  };

function checkMediaType(ctx: HttpContext, wanted: string): void {
  // As most of them say it.
  const { headers } = ctx.req;
  if (headers['content-type'] === wanted && headers['content-encoding'] === undefined) return;
  const [type = '', ...parameters] = ctx
    .get('content-type')
    .split(';')
    .map((part) => part.trim().toLowerCase());
  const charset =
    parameters.find((part) => part.startsWith('charset='))?.replace(/^charset="?|"$/g, '') ?? 'utf-8';
  const encoding = ctx.get('content-encoding');
  if (type !== wanted || !['utf-8', 'utf8'].includes(charset) || !['', 'identity'].includes(encoding)) {
    throw new PortcullisError('UNSUPPORTED_MEDIA_TYPE', {
      message: `Send the request body as ${wanted}, in UTF-8 and uncompressed.`,
    });
  }
}
