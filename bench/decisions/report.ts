import { median } from '../quantiles.ts';
import { renderTable } from '../render-table.ts';
import { bars } from './bars.ts';
import { notMeasured } from './peers/not-measured.ts';
import type { LoadRuns, Sized, WarmRuns } from './runs.ts';
import type {
  CacheTold,
  ChangesTold,
  Cold,
  Comparison,
  ConditionTold,
  LoadTold,
  PeerRows,
  Warm,
} from './samples.ts';
import { three, verdictOf, verdictOfRatio, whole } from './verdict.ts';

const ratioHead = ['ratio', 'by the clock', 'A/A', 'bar', 'verdict', 'pairs'] as const;

/** A ratio with what says how far to trust it. */
const ratioCells = (compared: Comparison, most: number): readonly string[] => [
  three(compared.ratio),
  three(compared.byClock),
  three(compared.again),
  `≤ ${most}`,
  verdictOfRatio(compared.ratio, compared.again, most),
  whole(compared.pairs),
];

/** Our decisions beside a `Map`, as a Markdown table. */
export const renderWarm = (runs: readonly WarmRuns[]): string =>
  renderTable(
    ['policy', 'rules', 'ours ns', 'Map ns', ...ratioHead, 'requests', 'decided'],
    runs.flatMap(({ policy, sizes }) =>
      sizes.map(({ rules, compared, asked, plan }) => [
        policy,
        whole(rules),
        three(compared.ours),
        three(compared.against),
        ...ratioCells(compared, policy === 'roles' ? bars.roles : bars.otherPolicies),
        whole(asked),
        plan,
      ]),
    ),
  );

export interface Growth {
  readonly policy: string;
  readonly from: Sized<Warm>;
  readonly to: Sized<Warm>;
}

/** Policies of more than one size, without the plain one: its bar is the same at every size. */
export const growthOf = (runs: readonly WarmRuns[]): readonly Growth[] =>
  runs.flatMap(({ policy, sizes }) => {
    const [from, to] = [sizes[0], sizes.at(-1)];
    return policy === 'roles' || from === undefined || to === undefined || from === to
      ? []
      : [{ policy, from, to }];
  });

/** Whether a decision takes as long however many rules there are, as a Markdown table. */
export const renderGrowth = (rows: readonly Growth[]): string =>
  renderTable(
    ['policy', 'from rules', 'to rules', 'ratio to Map, from', 'to', 'grows', 'A/A', 'bar', 'verdict'],
    rows.map(({ policy, from, to }) => {
      const grows = to.compared.ratio / from.compared.ratio;
      const again = to.compared.again / from.compared.again;
      return [
        policy,
        whole(from.rules),
        whole(to.rules),
        three(from.compared.ratio),
        three(to.compared.ratio),
        three(grows),
        three(again),
        `≤ ${bars.growth}`,
        verdictOfRatio(grows, again, bars.growth),
      ];
    }),
  );

/** The same requests by others, as a Markdown table. A/A is theirs. */
export const renderPeers = (sizes: readonly Sized<{ readonly peers: PeerRows }>[]): string =>
  renderTable(
    ['rules', 'who', 'theirs ns', 'ours ns', 'theirs by ours', 'A/A', 'requests', 'pairs', 'why not'],
    sizes.flatMap(({ rules, peers }) => [
      ...peers.map(({ peer, asked, compared, why }) =>
        compared === null
          ? [whole(rules), peer, '–', '–', '–', '–', whole(asked), '–', why]
          : [
              whole(rules),
              peer,
              three(compared.against),
              three(compared.ours),
              three(1 / compared.ratio),
              three(compared.again),
              whole(asked),
              whole(compared.pairs),
              '',
            ],
      ),
      ...notMeasured.map(({ peer, why }) => [whole(rules), peer, '–', '–', '–', '–', '–', '–', why]),
    ]),
  );

/** First decisions, as a Markdown table. */
export const renderCold = (sizes: readonly Sized<Cold>[]): string =>
  renderTable(
    ['rules', 'ours ns', 'stock ns', ...ratioHead, 'decided'],
    sizes.map(({ rules, compared, plan }) => [
      whole(rules),
      three(compared.ours),
      three(compared.against),
      ...ratioCells(compared, bars.cold),
      plan,
    ]),
  );

/** More subjects than are kept, as a Markdown table. */
export const renderCache = (sizes: readonly Sized<CacheTold>[]): string =>
  renderTable(
    [
      'rules',
      'kept',
      'subjects',
      'hit rate',
      'ns',
      'hit rate, all kept',
      'ns, all kept',
      'ratio',
      'A/A',
      'pairs',
    ],
    sizes.map(({ rules, kept, subjects, hitRate, hitRateOfAll, compared }) => [
      whole(rules),
      whole(kept),
      whole(subjects),
      three(hitRate),
      three(compared.ours),
      three(hitRateOfAll),
      three(compared.against),
      three(compared.ratio),
      three(compared.again),
      whole(compared.pairs),
    ]),
  );

/** A condition on the object, as a Markdown table. */
export const renderCondition = (sizes: readonly Sized<ConditionTold>[]): string =>
  renderTable(
    ['rules', 'with it ns', 'without ns', 'call ns', 'without and call ns', ...ratioHead, 'decided'],
    sizes.map(({ rules, compared, without, direct, plan, planWithout }) => [
      whole(rules),
      three(compared.ours),
      three(without),
      three(direct),
      three(compared.against),
      ...ratioCells(compared, bars.condition),
      plan === planWithout ? plan : `${plan}; without: ${planWithout}`,
    ]),
  );

/** Loading from files, as a Markdown table. */
export function renderLoad({ ours, stock, again }: LoadRuns): string {
  const row = (
    what: string,
    of: (told: LoadTold) => number,
    judge: (value: { mine: number; ratio: number; again: number }) => readonly [string, string],
  ): readonly string[] => {
    const [mine, theirs, twice] = [ours, stock, again].map((told) => median(told.map(of))) as [
      number,
      number,
      number,
    ];
    const values = { mine, ratio: mine / theirs, again: twice / theirs };
    return [
      what,
      three(mine),
      three(theirs),
      three(values.ratio),
      three(values.again),
      ...judge(values),
      whole(ours.length),
    ];
  };
  const asStock = ({ ratio, again }: { ratio: number; again: number }) =>
    [`≤ ${bars.load} × stock`, verdictOfRatio(ratio, again, bars.load)] as const;
  return renderTable(
    ['what', 'ours', 'stock', 'ratio', 'A/A', 'bar', 'verdict', 'rounds'],
    [
      row('time, ms', ({ wallMs }) => wallMs, asStock),
      row(
        'event loop p99, ms',
        ({ delayP99Ms }) => delayP99Ms,
        ({ mine }) => [`≤ ${bars.delayP99Ms}`, verdictOf(mine, bars.delayP99Ms)],
      ),
      row(
        'event loop max, ms',
        ({ delayMaxMs }) => delayMaxMs,
        () => ['', ''],
      ),
      row('memory, MiB', ({ memoryMiB }) => memoryMiB, asStock),
    ],
  );
}

/** Changes while a policy is loaded, as a Markdown table: milliseconds by the clock. */
export const renderChanges = ({ changes }: ChangesTold): string =>
  renderTable(
    [
      'what',
      'with() ms: median',
      'p99',
      'max',
      'first decision ms: median',
      'p99',
      'max',
      'both ms: p99',
      'bar',
      'verdict',
      'times',
    ],
    changes.map(({ change, times, applied, decided, both }) => [
      change,
      ...[applied, decided].flatMap(({ median, p99, max }) => [median, p99, max].map(three)),
      three(both.p99),
      `≤ ${bars.changeMs}`,
      verdictOf(both.p99, bars.changeMs),
      whole(times),
    ]),
  );
