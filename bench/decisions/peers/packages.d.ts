/**
 * What the benchmark uses of its peers. They are installed into bench/ alone, and types and lint must not hang on whether
 * they are there.
 */
declare module '@casl/ability' {
  interface RawRule {
    readonly action: string;
    readonly subject: string;
  }
  export class Ability {
    constructor(rules: readonly RawRule[]);
    can(action: string, subject: string): boolean;
  }
}

declare module 'accesscontrol' {
  interface Grant {
    readonly role: string;
    readonly resource: string;
    readonly action: string;
    readonly attributes: readonly string[];
  }
  export class AccessControl {
    constructor(grants: readonly Grant[]);
    lock(): this;
    can(roles: readonly string[]): { do(action: string, resource: string): { readonly granted: boolean } };
  }
}

declare module '@cedar-policy/cedar-wasm/nodejs' {
  interface Uid {
    readonly type: string;
    readonly id: string;
  }
  interface Call {
    readonly principal: Uid;
    readonly action: Uid;
    readonly resource: Uid;
    readonly context: Readonly<Record<string, never>>;
    readonly preparsedPolicySetId: string;
    readonly entities: readonly {
      readonly uid: Uid;
      readonly attrs: Readonly<Record<string, never>>;
      readonly parents: readonly Uid[];
    }[];
  }
  export function preparsePolicySet(
    id: string,
    policies: { readonly staticPolicies: Readonly<Record<string, string>> },
  ): { readonly type: 'success' | 'failure' };
  export function statefulIsAuthorized(
    call: Call,
  ):
    | { readonly type: 'success'; readonly response: { readonly decision: 'allow' | 'deny' } }
    | { readonly type: 'failure' };
}
