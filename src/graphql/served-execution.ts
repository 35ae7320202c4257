import type { DocumentNode, ExecutionArgs } from 'graphql';
import type { RequestState } from './context.ts';
import type { ExecutionLimits, GuardedExecution } from './guard/execute-guarded.ts';

/** What is the same for every operation that a server answers. */
export type Served<Services> = Pick<
  GuardedExecution<Services>,
  'schema' | 'services' | 'tally' | 'recordDenial' | 'clock' | 'log'
> & { readonly limits: ExecutionLimits };

/** One operation of a server's. A class: an object that is put together from others is large, and slow to read. */
export class ServedExecution<Services> implements GuardedExecution<Services> {
  readonly schema: GuardedExecution<Services>['schema'];
  readonly document: DocumentNode;
  readonly variables: ExecutionArgs['variableValues'];
  readonly operationName: ExecutionArgs['operationName'];
  /** Replaced while a subscription lasts: each event is decided by what stands when it comes. */
  state: RequestState;
  readonly services: Services;
  readonly limits: ExecutionLimits;
  readonly tally: GuardedExecution<Services>['tally'];
  readonly recordDenial: GuardedExecution<Services>['recordDenial'];
  readonly clock: GuardedExecution<Services>['clock'];
  readonly log: GuardedExecution<Services>['log'];

  constructor(
    served: Served<Services>,
    { document, variableValues, operationName }: ExecutionArgs,
    state: RequestState,
  ) {
    this.schema = served.schema;
    this.document = document;
    this.variables = variableValues;
    this.operationName = operationName;
    this.state = state;
    this.services = served.services;
    this.limits = served.limits;
    this.tally = served.tally;
    this.recordDenial = served.recordDenial;
    this.clock = served.clock;
    this.log = served.log;
  }
}
