import { constants, createReadStream } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { OperatorError, PortcullisError } from '../core/errors.ts';
import { createEnforcer, type Enforcer, type PolicySource } from '../policy/library.ts';
import { answerRequests } from './answer-requests.ts';
import { exitCodes } from './exit-codes.ts';
import { complain } from './report-failure.ts';

interface EvalOptions {
  readonly model: string;
  readonly policy: readonly string[];
  readonly requests?: string;
  readonly stock?: boolean;
}

export function addPolicyEvalCommand(policy: Command): void {
  policy
    .command('eval')
    .description('decide requests by any Casbin model and policy; needs no configuration and no server')
    .requiredOption('--model <file>', 'the model')
    .requiredOption('--policy <files...>', 'the policy; several files are read as one')
    .option('--requests <file>', 'requests, a JSON array a line (default: standard input)')
    .option('--stock', 'let stock Casbin decide')
    .action(async (options: EvalOptions) => {
      if (options.requests !== undefined) await checkFile('--requests', options.requests);
      const enforcer = await openEnforcer(options);
      const { plan } = enforcer;
      if (plan.kind === 'stock' && options.stock !== true) complain(`Stock Casbin decides: ${plan.reason}.`);
      const onUndecided = (): void => void (process.exitCode = exitCodes.negative);
      // A write that fails says so to whoever waits for it, and once more here.
      process.stdout.on('error', () => undefined);
      try {
        await answerRequests({ enforcer, input: openInput(options.requests), write: writeOut, onUndecided });
      } catch (error) {
        // Whoever reads has left: `| head`.
        if (codeOf(error) !== 'EPIPE') throw error;
      }
    });
}

async function openEnforcer({ model, policy, stock = false }: EvalOptions): Promise<Enforcer> {
  const modelText = await readSource('--model', model, true);
  const sources: PolicySource[] = [];
  for (const file of policy) sources.push(await readSource('--policy', file, false));
  try {
    return await createEnforcer(modelText, sources, { stock });
  } catch (error) {
    // A model that is refused is so whatever the policy.
    const isModel = await createEnforcer(modelText, { text: '' }, { stock }).then(
      () => false,
      () => true,
    );
    const what = isModel ? `The model ${model}` : `The policy ${policy.join(', ')}`;
    throw refusal(`${what} is refused: ${sentenceOf(error)} Mend it, then try again.`, error);
  }
}

/** What can be read once only, such as a pipe, is read here: where the planner leaves a policy to stock, it is read again. */
async function readSource(option: string, file: string, whole: boolean): Promise<PolicySource> {
  const isFile = await checkFile(option, file);
  return isFile && !whole ? file : { text: await readFile(file, 'utf8'), name: file };
}

/** @returns whether it is a plain file, and no pipe or device */
async function checkFile(option: string, file: string): Promise<boolean> {
  const found = await stat(file).catch((error: unknown) => {
    throw unreadable(option, file, error);
  });
  if (found.isDirectory()) throw refusal(`${option} names ${file}, which is a folder. Name a file.`);
  await access(file, constants.R_OK).catch((error: unknown) => {
    throw unreadable(option, file, error);
  });
  return found.isFile();
}

const unreadable = (option: string, file: string, error: unknown): PortcullisError =>
  codeOf(error) === 'ENOENT'
    ? refusal(`${option} names ${file}, which is not there. Check the path.`, error)
    : refusal(`${option} names ${file}, which can't be read: ${sentenceOf(error)} Check the path.`, error);

const refusal = (message: string, cause?: unknown): PortcullisError =>
  new PortcullisError('BAD_USER_INPUT', { message, cause });

function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.endsWith('.') ? text : `${text}.`;
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

async function* openInput(file: string | undefined): AsyncGenerator<Buffer> {
  const stream = file === undefined ? process.stdin : createReadStream(file);
  try {
    yield* stream as AsyncIterable<Buffer>;
  } catch (error) {
    throw refusal(`The requests can't be read any further: ${sentenceOf(error)} Try again.`, error);
  }
}

const writeOut = (text: string): Promise<void> =>
  new Promise((done, fail) => {
    process.stdout.write(text, (error) => {
      if (error === null || error === undefined) done();
      else if (codeOf(error) === 'EPIPE') fail(error);
      else
        fail(
          new OperatorError(
            `The answers can't be written: ${sentenceOf(error)} Write them elsewhere.`,
            error,
          ),
        );
    });
  });
