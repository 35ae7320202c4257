import type { Authenticator } from '../../authenticators/authenticator.ts';
import { loadAuthenticators } from '../../authenticators/registry.ts';
import { importFrom } from '../../config/import-from.ts';
import { OperatorError } from '../../core/errors.ts';
import { silentLog } from '../../core/log.ts';
import type { Check } from '../check.ts';
import { inTime } from '../in-time.ts';
import { good, problem, problemsOf, type Verdict } from '../verdict.ts';

/** A little more than an authenticator is given for its own waits. */
const patience = 5_500;

/** Nobody logs in at the doctor's. */
const nobody = {
  verifyPassword: () => Promise.resolve(null),
  findByUsername: () => Promise.resolve(null),
};

export const authenticators: Check = {
  name: 'authenticators',
  title: 'Ways to log in',
  reason: 'A provider that is away, or does not know our address, is found out by whoever can not log in.',
  needs: ['authenticators', 'publicUrl', 'attributes'],
  async inspect({ settings, clock }) {
    const { publicUrl, attributes } = settings;
    try {
      const enabled = await inTime(
        patience,
        (time) => `The authenticators were not loaded within ${time}.`,
        () =>
          loadAuthenticators(settings.authenticators, {
            accounts: nobody,
            importModule: importFrom(settings.base),
            publicUrl,
            attributes,
            clock,
            log: silentLog,
          }),
      );
      const verdicts = await Promise.all([...enabled.values()].map((each) => inspect(each, publicUrl)));
      return verdicts.flat();
    } catch (error) {
      if (error instanceof OperatorError) return problemsOf(error);
      throw error;
    }
  },
};

async function inspect(authenticator: Authenticator, publicUrl: URL): Promise<readonly Verdict[]> {
  const { name, diagnose } = authenticator;
  const tried = await (diagnose === undefined ? [] : tryOut(authenticator, diagnose));
  return [good(`${name}: ${describe(authenticator, publicUrl)}.`), ...tried];
}

function describe({ name, form, redirect, proves }: Authenticator, publicUrl: URL): string {
  const ways = [
    ...(form === undefined
      ? []
      : [`asks for ${form.fields.map(({ label }) => label.toLowerCase()).join(' and ')}`]),
    ...(redirect === undefined
      ? []
      : [
          `"Log in with ${redirect.label}", register ${new URL(`/login/${name}/callback`, publicUrl).href} there`,
          `a first login ${redirect.provision ? 'makes an account' : 'makes no account'}`,
        ]),
  ];
  const methods = proves.amr.length === 0 ? 'no method by name' : proves.amr.join(' and ');
  return [...ways, `proves ${methods} at level ${proves.aal}`].join('; ');
}

/** What its author forgot to catch is told as what it is. */
async function tryOut(
  { name, redirect }: Authenticator,
  diagnose: NonNullable<Authenticator['diagnose']>,
): Promise<readonly Verdict[]> {
  // It is named once.
  const bare = (message: string): string =>
    redirect !== undefined && message.startsWith(`${redirect.label}: `)
      ? message.slice(redirect.label.length + 2)
      : message;
  try {
    const diagnoses = await inTime(
      patience,
      (time) => `${name}: its own check did not end within ${time}.`,
      diagnose,
    );
    return diagnoses.map(({ ok, message, remedy }) =>
      ok ? good(`${name}: ${bare(message)}`) : problem(`${name}: ${bare(message)}`, remedy),
    );
  } catch (error) {
    if (error instanceof OperatorError) return problemsOf(error);
    const reason = error instanceof Error ? error.message : String(error);
    return [
      problem(`${name}: its own check failed: ${reason}`, 'Report it to whoever made the authenticator.'),
    ];
  }
}
