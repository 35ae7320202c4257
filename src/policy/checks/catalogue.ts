interface CatalogueEntry {
  readonly severity: 'error' | 'warning';
  /** What is refused or warned about, and why: the text of `docs/policy-findings.md`. */
  readonly law: string;
}

/**
 * Everything that `policy check` can say. Most of these are edits that stock casbin takes without a word, and then
 * grants, or stops denying, something that nobody wrote.
 */
export const findingCatalogue = {
  // The file as bytes
  'file-encoding': {
    severity: 'error',
    law: 'A policy file is UTF-8 without a byte order mark. A mark makes the first row an unknown kind, which stock casbin drops.',
  },
  'line-ends': {
    severity: 'error',
    law: 'Lines end in LF or CR LF. With a lone CR, everything after it belongs to a line that stock casbin never reads.',
  },
  'control-character': {
    severity: 'error',
    law: 'No control character (NUL, escape and the like) stands anywhere in a file.',
  },
  'invisible-character': {
    severity: 'error',
    law: 'No zero-width or direction-changing character stands anywhere, comments included: what a reviewer reads must be what the engine reads.',
  },
  'look-alike-character': {
    severity: 'error',
    law: 'No compatibility form (full-width letters, no-break spaces) stands in a row, and no word mixes Latin with letters that look like them.',
  },
  'unfamiliar-letters': {
    severity: 'warning',
    law: 'A user name of letters outside ASCII may look like another one. It is taken as written.',
  },
  // The folder
  'missing-folder': {
    severity: 'error',
    law: 'Every policy folder can be read. A missing one may be a missing deny, never an empty policy.',
  },
  'unreadable-file': {
    severity: 'error',
    law: 'Every policy file is a regular file that can be read, of at most 16 MiB.',
  },
  'unsettled-files': {
    severity: 'error',
    law: 'Files are taken when two readings of them agree: an edit that is half-way done decides nothing.',
  },
  'not-compiled': {
    severity: 'error',
    law: 'A policy that passed every check can be compiled. Where it can not, it is refused whole.',
  },
  'unknown-file': {
    severity: 'error',
    law: 'A policy folder holds model.conf and *.csv files; nothing else is read as policy.',
  },
  'duplicate-file': {
    severity: 'error',
    law: 'Two policy folders may not hold files of one name: which comes first would be chance.',
  },
  'missing-model': { severity: 'error', law: 'There is exactly one model.conf.' },
  // The row as text
  'line-too-long': { severity: 'error', law: 'A line has at most 4,000 characters.' },
  'wrong-separator': {
    severity: 'error',
    law: 'Columns are separated by commas; neither tabs nor semicolons stand in a row.',
  },
  'unclosed-quote': {
    severity: 'error',
    law: 'A quoted column ends on its line. Stock casbin drops such a row, or fails half-way through a load.',
  },
  'stray-quote': {
    severity: 'error',
    law: 'A double quote opens a column, closes it, or is doubled inside a quoted one. Nothing stands between a closing quote and the comma.',
  },
  'comment-after-value': {
    severity: 'error',
    law: 'A comment has its own line. After a value it becomes part of the value.',
  },
  'unknown-row-kind': {
    severity: 'error',
    law: 'A row begins with p, g or g2, exactly. Stock casbin drops every other row without a word.',
  },
  'wrong-columns': {
    severity: 'error',
    law: 'A p row has subject, object, action, effect and, if it has one, a condition; g and g2 rows have two names. Stock casbin reads missing columns as undefined.',
  },
  'empty-column': { severity: 'error', law: 'No column is empty.' },
  // Names
  'subject-without-kind': {
    severity: 'error',
    law: 'A subject is user:<name>, group:<name>, anonymous, authenticated or everyone. Without the kind, whoever registers the name of a group becomes that group.',
  },
  'bad-subject': {
    severity: 'error',
    law: 'The name of a user is in canonical form, the name of a group in its alphabet: otherwise it can match nobody.',
  },
  'user-as-group': {
    severity: 'error',
    law: 'Nobody can be a member of a user: the right side of a g row is a group.',
  },
  'built-in-group': {
    severity: 'error',
    law: 'Who is anonymous, authenticated or everyone is not given by rows, except the two of builtin.csv.',
  },
  'bad-object': {
    severity: 'error',
    law: 'An object is a permission (app.verb_noun), a coordinate (Type.field), Type.* or *.',
  },
  'misplaced-star': {
    severity: 'error',
    law: 'A star stands alone or after the dot of a type. User* would also match UserSecret.',
  },
  'unknown-type': { severity: 'error', law: 'Type.* names an object type of the schema.' },
  'unknown-coordinate': {
    severity: 'error',
    law: 'A coordinate is one of the schema: a guardrail that names nothing guards nothing.',
  },
  'interface-coordinate': {
    severity: 'error',
    law: 'Fields of interfaces are decided at the concrete type, so a row about one would never match.',
  },
  'ambiguous-name': {
    severity: 'error',
    law: 'No name is both a permission and a coordinate of the schema.',
  },
  'not-a-permission': { severity: 'error', law: 'The right side of a g2 row is a permission.' },
  'unknown-action': { severity: 'error', law: 'An action is read, write, subscribe or *.' },
  'impossible-action': {
    severity: 'error',
    law: 'The action follows from the coordinate; a pair that cannot occur makes a rule that never matches.',
  },
  'unknown-effect': {
    severity: 'error',
    law: 'An effect is allow or deny, in lower case. Stock casbin ignores a rule with any other.',
  },
  // Conditions
  'empty-condition': {
    severity: 'error',
    law: 'A condition column is not empty: no condition means always, and that is written by leaving the column out.',
  },
  'condition-syntax': {
    severity: 'error',
    law: 'A condition is one expression of names, literals, calls and the operators && || ! == != < <= > >= in.',
  },
  'condition-not-boolean': {
    severity: 'error',
    law: 'A condition is true or false by its form: a comparison, &&, ||, ! or a registered function.',
  },
  'condition-name': {
    severity: 'error',
    law: 'A condition looks only at declared members of r.ctx. What is not declared for any coordinate of its rule would fail for ever.',
  },
  'condition-function': {
    severity: 'error',
    law: 'A condition calls only registered functions, each with r.ctx first.',
  },
  'condition-argument': {
    severity: 'error',
    law: 'The arguments of a function are of the form that it asks for, checked when the policy is loaded.',
  },
  'condition-types': {
    severity: 'error',
    law: "A comparison has two sides of one type, and a literal looks as the member beside it can look: 'support' is never among groups, 'group:support' may be. Nothing is converted.",
  },
  'condition-too-large': {
    severity: 'error',
    law: 'A condition has at most 1,000 characters and is nested at most 32 deep.',
  },
  'condition-not-plain': {
    severity: 'error',
    law: 'Plain casbin must read the same condition: it counts brackets inside strings too, and takes doubled or enclosing quotes off twice.',
  },
  'unknown-method': {
    severity: 'warning',
    law: 'A method that RFC 8176 does not register is named by via(): it is true only if an authenticator of yours says it.',
  },
  // The policy as a whole
  'duplicate-row': {
    severity: 'error',
    law: 'No row stands twice: deleting one of them would change nothing, to the surprise of whoever does it.',
  },
  'hierarchy-cycle': {
    severity: 'error',
    law: 'Groups in groups, and permissions in permissions, never come back to where they began.',
  },
  'chain-too-deep': {
    severity: 'error',
    law: 'From a user to the highest group, and from a coordinate to the highest permission, it is at most 10 steps. Casbin does not follow more.',
  },
  'missing-built-in': {
    severity: 'error',
    law: 'A policy with rows about everyone has the rows `g, authenticated, everyone` and `g, anonymous, everyone`: without them, everyone is nobody to plain casbin.',
  },
  'unknown-permission': {
    severity: 'error',
    law: 'A permission on the left of a g2 row covers something: else it is a misspelt name.',
  },
  'guards-nothing': {
    severity: 'error',
    law: 'A deny rule is about a permission that covers something: else it guards nothing.',
  },
  'covers-nothing': {
    severity: 'warning',
    law: 'An allow rule is about a permission that covers nothing: it gives nothing. Those that the server itself asks for (`portcullis.grant_beyond`, `operations.view_health`) need no coordinate.',
  },
  'group-without-members': {
    severity: 'warning',
    law: 'No row makes anybody a member of this group: only administrators can, at run time.',
  },
  'never-decides': {
    severity: 'warning',
    law: 'An allow rule changes nothing: an unconditional deny, or wider unconditional allows, decide everything it speaks of.',
  },
  // Against the accounts
  'unknown-account': {
    severity: 'warning',
    law: 'No account has this user name. Only an administrator can give it to one.',
  },
  // Grants
  'grant-condition': { severity: 'error', law: 'Grants carry no conditions.' },
  'stale-grant': {
    severity: 'warning',
    law: 'A grant is about something that the schema no longer has. It is left out.',
  },
  // The model
  'model-syntax': {
    severity: 'error',
    law: 'model.conf is made of [sections] and `key = value` lines, each once.',
  },
  'model-section': { severity: 'error', law: 'The model has the five sections of Casbin and no others.' },
  'model-definition': {
    severity: 'error',
    law: 'Requests, rules and the two hierarchies have the columns of the default model: everything else relies on them.',
  },
  'model-effect': {
    severity: 'error',
    law: 'The effect is allow-and-no-deny, spelt as Casbin spells it: with any other spacing casbin knows no effect, and without the allow half an empty policy permits everything.',
  },
  'model-matcher': {
    severity: 'error',
    law: 'The matcher is a conjunction of known comparisons that holds g(r.sub, p.sub) and when(p.cond, p.eft, r.ctx). Casbin would run anything that stands there.',
  },
} as const satisfies Record<string, CatalogueEntry>;

export type FindingCode = keyof typeof findingCatalogue;

/** The catalogue as Markdown: `docs/policy-findings.md`. */
export const renderFindingCatalogue = (): string =>
  [
    '# What `policy check` says',
    '',
    'One entry per code, from `src/policy/checks/catalogue.ts`; a test keeps them equal. An **error** refuses the policy',
    '(the last good one goes on deciding); a **warning** does not. Each finding names its file and line, and says what to do.',
    '',
    ...Object.entries(findingCatalogue).flatMap(([code, { severity, law }]) => [
      `## ${code}`,
      '',
      `**${severity}**: ${law}`,
      '',
    ]),
  ].join('\n');
