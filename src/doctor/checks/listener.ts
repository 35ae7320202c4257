import type { Settings } from '../../config/settings.ts';
import { isLoopback } from '../../core/loopback.ts';
import type { Check } from '../check.ts';
import type { Running } from '../find-running.ts';
import { good, problem, type Verdict, warning } from '../verdict.ts';

export const listener: Check = {
  name: 'listener',
  title: 'Listening',
  reason: 'A port that is taken, or an address that is not this machine, keeps the server from starting.',
  needs: ['host', 'port'],
  async inspect({ settings, config, running }) {
    const { unknown } = config;
    return [
      ...(settings.port === 0 ? [randomPort] : [inspectRunning(settings, await running())]),
      ...(unknown.has('publicUrl') || settings.publicUrl.protocol === 'https:' ? [] : inspectHttp(settings)),
      ...(unknown.has('metrics') ? [] : inspectMetrics(settings)),
    ];
  },
};

const randomPort = warning(
  'PORT is 0: each start takes another port, and PUBLIC_URL names none of them.',
  'Give a PORT, and PUBLIC_URL with that port.',
);

const stop = 'Stop it, or give another PORT.';

function inspectRunning({ host, port }: Settings, running: Running): Verdict {
  const at = `${host}:${port}`;
  switch (running.kind) {
    case 'free':
      return good(`Nothing listens on ${at}: \`serve\` can.`);
    case 'refused':
      return problem(`${at} can't be listened on (${running.code}).`, 'Give another HOST or PORT.');
    case 'stranger':
      return warning(`Something has ${at}, and does not answer as a server of ours would.`, stop);
    case 'server':
      return inspectServer(at, running.state);
  }
}

function inspectServer(at: string, state: (Running & { kind: 'server' })['state']): Verdict {
  switch (state) {
    case 'ready':
      return good(`A server runs on ${at}, and is ready.`);
    case 'draining':
      return warning(`A server on ${at} is closing.`, 'Start it again where it was not meant to.');
    case 'unavailable':
      return problem(
        `A server runs on ${at}, and is not ready: it answers no requests.`,
        'Its log says what it waits for; the checks below may too.',
      );
  }
}

/** Over http, browsers come straight to the port, and must come from this machine. */
function inspectHttp({ publicUrl, host, port }: Settings): readonly Verdict[] {
  const named = Number(publicUrl.port === '' ? 80 : publicUrl.port);
  return [
    ...(isOwn(host)
      ? []
      : [
          warning(
            `HOST is ${host}: other machines reach the server over http, though nobody can log in from there.`,
            'Give HOST=localhost, or an https PUBLIC_URL and a proxy that ends TLS.',
          ),
        ]),
    ...(named === port || port === 0
      ? []
      : [
          warning(
            `Browsers go to port ${named}, and the server listens on ${port}.`,
            `Give PORT=${named}, or a PUBLIC_URL with port ${port}; unless something forwards from one to the other.`,
          ),
        ]),
  ];
}

function inspectMetrics({ metrics: { host, port } }: Settings): readonly Verdict[] {
  if (port === null) return [good('No metrics are served (METRICS_PORT).')];
  const at = `${host}:${port}`;
  return [
    isOwn(host)
      ? good(`Metrics are served on ${at}.`)
      : warning(
          `Metrics are served on ${at} to everybody who reaches it: they ask for no login.`,
          'Let nobody from outside reach it.',
        ),
  ];
}

const isOwn = (host: string): boolean =>
  isLoopback(new URL(`http://${host.includes(':') ? `[${host}]` : host}`));
