import type { Settings } from '../config/settings.ts';
import type { Opened } from '../workers/messages.ts';
import { printLine } from './output.ts';

/** Says that requests are taken, and where to go. */
export function announce(settings: Settings, { setupUrl, policy }: Opened, metricsPort: number | null): void {
  const at = (path: string): string => new URL(path, settings.publicUrl).href;
  const rows: readonly (readonly [string, string])[] = [
    ['Log in', at('/login')],
    ...(setupUrl === null
      ? []
      : [['First administrator', `${setupUrl}\n${' '.repeat(23)}(works once, within 24 hours)`] as const]),
    ...(settings.mode === 'development' ? [['GraphiQL', at('/graphiql')] as const] : []),
    ...(metricsPort === null
      ? []
      : [['Metrics', `http://${settings.metrics.host}:${metricsPort}/metrics`] as const]),
    ...(settings.workers === 1 ? [] : [['Workers', `${settings.workers} processes`] as const]),
    ['Policy', `${policy.version}: ${policy.rules} rules cover ${policy.covered} of ${policy.total} fields`],
  ];
  printLine('\nPortcullis is ready.\n');
  for (const [name, value] of rows) printLine(`  ${name.padEnd(21)}${value}`);
  printLine();
}
