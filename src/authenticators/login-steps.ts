import {
  checkChain,
  clearAttempts,
  type FormLogin,
  giveAttemptBack,
  proveForm,
  readCredentials,
  takeAttempt,
} from './form-login.ts';
import type { LoginNeeds } from './login-needs.ts';
import { beginSession, checkAccount, type Login, recordLogin } from './login-tail.ts';
import {
  checkAnswer,
  checkLink,
  checkRedirecting,
  findAccount,
  findTransaction,
  linkIdentity,
  proveRedirected,
  recordLink,
  type RedirectedLogin,
  useTransaction,
} from './redirected-login.ts';

export interface LoginStep<Way extends Login> {
  readonly name: string;
  readonly reason: string;
  /** Also taken where a step before it refused. */
  readonly always?: true;
  readonly run: (login: Way, needs: LoginNeeds) => Promise<void> | void;
}

const account = {
  name: 'check account',
  reason: 'Read anew, whatever an authenticator claims; who is suspended hears what a wrong proof hears.',
  run: checkAccount,
} as const;

const session = {
  name: 'begin session',
  reason: 'A new id, and nothing of the session before.',
  run: beginSession,
} as const;

const record = {
  name: 'record',
  reason: 'One record, however it ended, without what was typed or sent.',
  always: true,
  run: recordLogin,
} as const;

/** Everything between a typed password and a session, in order. The first step that rejects refuses the login. */
export const formSteps: readonly LoginStep<FormLogin>[] = [
  {
    name: 'find authenticator',
    reason: 'What is not enabled is not there (NOT_FOUND), and costs nothing.',
    run: checkChain,
  },
  {
    name: 'parse credentials',
    reason: 'Strings from the body alone, of bounded length: nothing behind this meets any other shape.',
    run: readCredentials,
  },
  {
    name: 'take attempt',
    reason: 'Counted before the password is looked at: a hundred at once are a hundred.',
    run: takeAttempt,
  },
  { name: 'prove', reason: 'The authenticators say whose credentials these are.', run: proveForm },
  account,
  {
    name: 'clear attempts',
    reason: 'Only failures count; and the owner is known here from now on.',
    run: clearAttempts,
  },
  session,
  {
    name: 'give attempt back',
    reason: 'A part of ours that did not answer says nothing about the password.',
    always: true,
    run: giveAttemptBack,
  },
  record,
];

const callbackSteps: readonly LoginStep<RedirectedLogin>[] = [
  {
    name: 'find authenticator',
    reason: 'What is not enabled is not there (NOT_FOUND), and costs nothing.',
    run: checkRedirecting,
  },
  {
    name: 'find transaction',
    reason: "Begun in this very browser a short time ago, or it is somebody else's login (RFC 9700, 4.7).",
    run: findTransaction,
  },
  {
    name: 'use transaction',
    reason: 'Once, on every node, whatever comes of it: nothing behind this sees a callback twice.',
    run: useTransaction,
  },
];

const answerSteps: readonly LoginStep<RedirectedLogin>[] = [
  {
    name: 'check answer',
    reason: 'Where the provider says no, nothing else of its answer counts (RFC 6749, 4.1.2.1).',
    run: checkAnswer,
  },
  { name: 'prove', reason: 'The strategy verifies what came back with what was kept.', run: proveRedirected },
];

/** Everything between a callback and a session. */
export const redirectedSteps: readonly LoginStep<RedirectedLogin>[] = [
  ...callbackSteps,
  ...answerSteps,
  {
    name: 'find account',
    reason: 'By issuer and subject, never by e-mail; a first login may make one.',
    run: findAccount,
  },
  account,
  session,
  record,
];

/** Everything between a callback and an identity that is linked to the account that is logged in. */
export const linkSteps: readonly LoginStep<RedirectedLogin>[] = [
  ...callbackSteps,
  {
    name: 'check link',
    reason: 'The account that began it is logged in still: linking needs both proofs in one browser.',
    run: checkLink,
  },
  ...answerSteps,
  {
    name: 'link identity',
    reason: 'It is nobody else’s already. The session stays as it is.',
    run: linkIdentity,
  },
  {
    name: 'record',
    reason: 'Whatever refused it; a link is recorded with itself.',
    always: true,
    run: recordLink,
  },
];
