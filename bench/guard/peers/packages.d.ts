/**
 * What the benchmark uses of its peers. They are installed into bench/ alone, and types and lint must not hang on whether
 * they are there.
 */
declare module 'graphql-middleware' {
  import type { GraphQLSchema } from 'graphql';

  export interface Middleware {
    readonly middleware: unique symbol;
  }
  export function applyMiddleware(
    schema: GraphQLSchema,
    ...middlewares: readonly Middleware[]
  ): GraphQLSchema;
}

declare module 'graphql-shield' {
  import type { Middleware } from 'graphql-middleware';

  export interface Rule {
    readonly name: string;
  }
  type Check = (parent: never, args: never, context: never) => boolean;
  export const deny: Rule;
  export function rule(
    name: string,
    options: { readonly cache: 'contextual' | 'no_cache' | 'strict' },
  ): (check: Check) => Rule;
  export function shield(
    rules: Readonly<Record<string, Readonly<Record<string, Rule>>>>,
    options: { readonly fallbackRule: Rule; readonly debug: boolean },
  ): Middleware;
}

declare module '@graphql-authz/core' {
  import type { ExecutionArgs, ExecutionResult } from 'graphql';

  export interface RuleClass {
    readonly prototype: object;
  }
  interface AttachedRules {
    readonly __authz: { readonly rules: readonly string[] };
  }
  type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;
  export function preExecRule(): (check: (context: never) => boolean) => RuleClass;
  export function postExecRule(options: {
    readonly selectionSet: string;
  }): (check: (context: never, args: never, value: never, parent: never) => boolean) => RuleClass;
  export function wrapExecuteFn(
    execute: Execute,
    config: {
      readonly rules: Readonly<Record<string, RuleClass>>;
      readonly authSchema: Readonly<Record<string, Readonly<Record<string, AttachedRules>>>>;
    },
  ): (args: ExecutionArgs) => Promise<ExecutionResult>;
}

declare module '@pothos/plugin-scope-auth' {
  const pluginName: 'scopeAuth';
  export default pluginName;
}

declare module '@pothos/core' {
  import type { GraphQLSchema } from 'graphql';

  interface Ref {
    readonly ref: unique symbol;
  }
  type Scopes<Parent> =
    { readonly allowed: string } | ((parent: Parent, args: never, context: never) => boolean);
  interface FieldOptions<Parent> {
    readonly authScopes: Scopes<Parent>;
    readonly nullable: true;
  }
  type Expose<Parent> = (name: keyof Parent & string, options: FieldOptions<Parent>) => Ref;
  interface FieldBuilder<Parent> {
    readonly exposeID: Expose<Parent>;
    readonly exposeString: Expose<Parent>;
    readonly exposeInt: Expose<Parent>;
    readonly exposeFloat: Expose<Parent>;
    readonly exposeBoolean: Expose<Parent>;
    readonly arg: { int(options: { readonly required: true }): Ref };
    field(
      options: FieldOptions<Parent> & {
        readonly type: readonly [ObjectRef<unknown>];
        readonly args?: Readonly<Record<string, Ref>>;
        readonly resolve: (parent: Parent, args: never, context: never) => unknown;
      },
    ): Ref;
  }
  type Fields<Parent> = (builder: FieldBuilder<Parent>) => Readonly<Record<string, Ref>>;
  interface ObjectRef<out Parent> {
    readonly parent?: Parent;
    implement(options: { readonly fields: (builder: never) => Readonly<Record<string, Ref>> }): this;
  }
  export default class SchemaBuilder {
    constructor(options: {
      readonly plugins: readonly string[];
      readonly scopeAuth: {
        readonly authScopes: (context: never) => Readonly<Record<'allowed', (name: string) => boolean>>;
      };
    });
    objectRef<Parent>(name: string): ObjectRef<Parent>;
    queryType(options: { readonly fields: Fields<object> }): void;
    toSchema(): GraphQLSchema;
  }
}
