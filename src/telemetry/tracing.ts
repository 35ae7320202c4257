import {
  type Attributes,
  type Context,
  context,
  propagation,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type TracerProvider,
} from '@opentelemetry/api';
import { PortcullisError } from '../core/errors.ts';

/** Of an error a span has a word and nothing more: messages and stacks of other people's code may hold anything. */
export interface ActiveSpan {
  set(attributes: Attributes): void;
  fail(kind: string): void;
}

export interface Tracing {
  /**
   * Runs work in a span of the one that is active. An error that it throws marks the span, and is thrown on. Without an
   * SDK there is nothing around the work: what it answers at once is there at once.
   */
  run<T>(name: string, attributes: Attributes, work: (span: ActiveSpan) => T | Promise<T>): T | Promise<T>;
  /** Begins the span of a request, of the trace that its headers tell. */
  beginRequest(attributes: Attributes, trace: Readonly<Record<string, string>>): RequestSpan;
}

export interface RequestSpan extends ActiveSpan {
  run<T>(work: () => Promise<T>): Promise<T>;
  end(name: string): void;
}

/**
 * Spans through OpenTelemetry's API. Whoever runs the server registers an SDK, before it or beside it; without one all of
 * this does nothing.
 */
export function createTracing(): Tracing {
  const tracer = trace.getTracer('portcullis');
  const provider = trace.getTracerProvider();
  let registered = false;
  const isRecorded = (): boolean => (registered ||= hasSdk(provider));
  const within = <T>(parent: Context, span: Span, work: () => T): T =>
    context.with(trace.setSpan(parent, span), work);

  const runInSpan = async <T>(span: Span, work: (span: ActiveSpan) => T | Promise<T>): Promise<T> => {
    try {
      return await within(context.active(), span, () => work(activeSpan(span)));
    } catch (error) {
      fail(span, kindOf(error));
      throw error;
    } finally {
      span.end();
    }
  };

  return {
    run: (name, attributes, work) =>
      isRecorded() ? runInSpan(tracer.startSpan(name, { attributes }), work) : work(noSpan),
    beginRequest(attributes, headers) {
      if (!isRecorded()) return noSpan;
      // Not of whatever is active: a connection that is kept was opened by another request.
      const parent = propagation.extract(ROOT_CONTEXT, headers);
      const span = tracer.startSpan('HTTP', { kind: SpanKind.SERVER, attributes }, parent);
      return {
        ...activeSpan(span),
        run: (work) => within(parent, span, work),
        end(name) {
          span.updateName(name);
          span.end();
        },
      };
    },
  };
}

/** Until somebody registers an SDK, the API's provider has none behind it. */
const hasSdk = (provider: TracerProvider): boolean =>
  !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer('portcullis') !== undefined;

const noSpan: RequestSpan = {
  set: () => undefined,
  fail: () => undefined,
  run: (work) => work(),
  end: () => undefined,
};

const activeSpan = (span: Span): ActiveSpan => ({
  set: (attributes) => void span.setAttributes(attributes),
  fail: (kind) => {
    fail(span, kind);
  },
});

function fail(span: Span, kind: string): void {
  span.setAttribute('error.type', kind);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

const kindOf = (error: unknown): string =>
  error instanceof PortcullisError ? error.code : error instanceof Error ? error.name : typeof error;
