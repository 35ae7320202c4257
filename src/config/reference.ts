import { z } from 'zod';
import { environmentVariables } from './environment.ts';
import { settingsSchema } from './settings.ts';

interface Node {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly type?: string;
  readonly enum?: readonly unknown[];
}

/** docs/configuration.md: every setting, its variable, its default and what it does, from the schema itself. */
export function renderReference(): string {
  const schema = z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' }) as Node;
  const properties = Object.entries(schema.properties ?? {});
  const sections = properties.filter(([, node]) => node.properties !== undefined);
  const plain = properties.filter(([, node]) => node.properties === undefined);
  return [
    '# Configuration',
    '',
    'Made by `npx portcullis config reference`. Settings come from `portcullis.config.ts` (or `.js`) in the working',
    'directory, or the file that `--config` names, and from environment variables, which win:',
    '',
    '```ts',
    "import { defineConfig } from 'portcullis';",
    '',
    "export default defineConfig({ publicUrl: 'https://login.example.com', sessions: { idle: '1h' } });",
    '```',
    '',
    'Everything is checked at the start, faults are listed together, and a setting that does not exist is refused.',
    'Lengths of time are written `30s`, `5m`, `12h`, `7d`. Folders are found from the working directory; a file that an',
    "authenticator's `use` names, from the configuration file.",
    '',
    ...renderTable(plain),
    ...sections.flatMap(([name, node]) => [
      '',
      `## ${name}`,
      '',
      node.description ?? '',
      '',
      ...renderTable(Object.entries(node.properties ?? {}).map(([key, each]) => [`${name}.${key}`, each])),
    ]),
    '',
  ].join('\n');
}

function renderTable(rows: readonly (readonly [string, Node])[]): string[] {
  return [
    '| setting | variable | default | what it does |',
    '| --- | --- | --- | --- |',
    ...rows.map(([name, node]) => {
      const variable = Object.entries(environmentVariables).find(([, each]) => each.setting === name)?.[0];
      const choices =
        node.enum === undefined
          ? ''
          : ` One of ${node.enum.map((each) => `\`${String(each)}\``).join(', ')}.`;
      const byDefault =
        node.default === undefined || node.default === null ? '' : `\`${JSON.stringify(node.default)}\``;
      return `| \`${name}\` | ${variable === undefined ? '' : `\`${variable}\``} | ${byDefault} | ${node.description ?? ''}${choices} |`;
    }),
  ];
}
