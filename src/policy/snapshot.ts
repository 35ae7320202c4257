import type { Coordinate } from '../core/coordinate.ts';
import type { Attributes, Principal } from '../core/principal.ts';
import type { DecisionContext, Decisions, RequestEnvironment } from './decision.ts';
import type { Finding } from './finding.ts';
import type { MembershipRow, PolicyRows, Rule } from './rule.ts';

/** How much of the schema the policy speaks of. */
export interface Coverage {
  readonly total: number;
  /**
   * Coordinates that a rule (allow or deny) speaks of: by their own name, by `Type.*` or by a permission. A rule over
   * `*` speaks of nothing in particular: the superusers' own would cover every schema whole.
   */
  readonly covered: number;
  /** The others: denied to everybody but whom a rule over `*` allows. Sorted. */
  readonly uncovered: readonly Coordinate[];
}

export interface TableStatus {
  readonly tables: number;
  readonly bytes: number;
  /** The most bytes that they may take. */
  readonly most: number;
  /** Entries that were asked of the rules: one for each permission set and coordinate that somebody asked for. */
  readonly asked: number;
}

/** Why a decision came out as it did, rule by rule. */
export interface Explanation {
  readonly effect: 'allow' | 'deny' | 'depends';
  readonly reason: string;
  /** Every subject the principal counts as, with the chain of memberships that leads there. */
  readonly subjects: readonly { readonly subject: string; readonly path: readonly string[] }[];
  readonly candidates: readonly RuleExplanation[];
}

/** A rule whose object covers the coordinate, and how far it got. */
export interface RuleExplanation {
  readonly rule: Rule;
  readonly subjectMatched: boolean;
  readonly actionMatched: boolean;
  /** `null` where there is no condition, or it was not reached; `unknown` where it needs an object or arguments. */
  readonly condition: 'true' | 'false' | 'failed' | 'unknown' | null;
  readonly decided: boolean;
}

/** One immutable, validated, compiled version of the policy. A request is decided by the one it started with. */
export interface PolicySnapshot {
  /** Digest of the content (model, files, grants): `sha256-` and the first 16 hex digits. */
  readonly version: string;
  readonly rows: PolicyRows;
  /** Warnings only: an error would have refused the snapshot. */
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  /** Every group that a row names, bare names, sorted. */
  readonly groups: readonly string[];
  /** Every permission and the coordinates it covers, directly or through other permissions. */
  readonly permissions: ReadonlyMap<string, ReadonlySet<Coordinate>>;
  /** How often the condition of each rule could not be evaluated since this snapshot was made. */
  readonly failedConditions: ReadonlyMap<Rule, number>;
  /** Everything the principal counts as: itself, built-in subjects, direct groups and those above them. */
  subjectsOf(principal: Principal): ReadonlySet<string>;
  decisionsFor(principal: Principal, environment: RequestEnvironment): Decisions;
  /** How many permission sets have a table now, what the tables take of how much, and how often the rules were asked. */
  tables(): TableStatus;
  /** Usernames that a row of a policy *file* names: they are not given away. Rows of grants do not count. */
  readonly namedUsers: ReadonlySet<string>;
  /**
   * The coordinates at which somebody could do, after a change, what neither they could before nor the granter could
   * themselves: empty where nobody gains beyond the granter, or the granter may give beyond themselves
   * (`portcullis.grant_beyond`). Exact, over every coordinate of the schema and every permission that the server itself
   * asks for, whatever the objects, the arguments and, for whoever is given to, the login and the attributes.
   */
  findGains(change: AuthorityChange, granter: Granter): readonly Coordinate[];
  /** Whether anybody could gain by no longer counting as that group, or as what is above it: by a deny that is left behind. */
  canGiveByAbsence(group: string): boolean;
  /**
   * Whether somebody could gain more by counting as that group, or as what is above it, than whoever has nothing else
   * does: by a rule about another group of theirs that asks for this one, or a deny that it lifts.
   */
  canGiveByPresence(group: string): boolean;
  explain(
    principal: Principal,
    coordinate: Coordinate,
    environment: RequestEnvironment,
    context: DecisionContext | null,
  ): Explanation;
}

/** Somebody's authority before and after a change. Whoever a group stands for is the least of its members: itself. */
export interface AuthorityChange {
  readonly before: Holding;
  readonly after: Holding;
}

/** What decides what somebody may do: whom they count as, and permissions that no row of this snapshot gives them yet. */
export interface Holding {
  /**
   * Subjects that they are by themselves: `user:ann` with all of her groups; or what is known of whoever is in a group,
   * `group:support`. What is above them is added, and `authenticated` but to `anonymous`.
   */
  readonly subjects: readonly string[];
  /** Memberships that the snapshot does not have yet, or (`without`) still has. */
  readonly memberships?: readonly Pick<MembershipRow, 'member' | 'group'>[];
  readonly without?: readonly Pick<MembershipRow, 'member' | 'group'>[];
  /** Permissions given to them directly, by action. */
  readonly grants?: readonly { readonly permission: string; readonly action: string }[];
  /** Grant rows of the snapshot, by id, that do not count (any more). */
  readonly withoutGrants?: readonly string[];
  /** Where attributes are what changes: conditions that look at nothing else are decided by them. */
  readonly attributes?: Attributes;
}

export interface Granter {
  readonly principal: Principal;
  readonly environment: RequestEnvironment;
}
