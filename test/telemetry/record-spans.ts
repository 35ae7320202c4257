import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  type ContextManager,
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type TextMapPropagator,
  trace,
} from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

/** What OpenTelemetry's packages for Node do, in the few lines that a test needs. */
function createContextManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, work, thisArg, ...args) => storage.run(active, () => work.apply(thisArg, args)),
    bind: (_active, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}

/** `traceparent` (W3C Trace Context, section 3.2). */
const propagator: TextMapPropagator = {
  inject: () => undefined,
  extract(parent, carrier, getter) {
    const [, traceId = '', spanId = ''] = String(getter.get(carrier, 'traceparent')).split('-');
    const spanContext = { traceId, spanId, traceFlags: 1, isRemote: true };
    return isSpanContextValid(spanContext) ? trace.setSpanContext(parent, spanContext) : parent;
  },
  fields: () => ['traceparent'],
};

/** Registers an SDK, as whoever runs a server would. */
export function recordSpans() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(createContextManager());
  propagation.setGlobalPropagator(propagator);
  return {
    /** The spans that ended while the work ran, and just after it. */
    async during(work: () => Promise<unknown>): Promise<readonly ReadableSpan[]> {
      exporter.reset();
      await work();
      // A request's span ends when its connection has let go of the answer.
      await new Promise((resolve) => setTimeout(resolve, 50));
      return exporter.getFinishedSpans();
    },
    stop() {
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}
