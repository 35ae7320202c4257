import {
  brokenAnswers,
  keySetLies,
  tokenAnswerLies,
  userinfoLies,
  wrongAnswers,
  wrongJson,
} from './answer-lies.ts';
import { callbackLies } from './callback-lies.ts';
import { discoveryLies, insideLies } from './discovery-lies.ts';
import type { HostileCase } from './hostile-case.ts';
import { claimLies, payloadLies, shapeLies, signatureLies } from './id-token-lies.ts';

/** Every way to lie, with the row of security.md that it is a case of. */
export const everyCase: readonly (HostileCase & { readonly row: string })[] = [
  ...of('C49', signatureLies, shapeLies, payloadLies),
  ...of('C50', claimLies),
  ...of('C51', callbackLies),
  ...of('C55', userinfoLies),
  ...of('C56', discoveryLies),
  ...of('C57', insideLies, brokenAnswers, wrongAnswers, wrongJson, tokenAnswerLies, keySetLies),
];

function of(row: string, ...lists: readonly (readonly HostileCase[])[]) {
  return lists.flat().map((each) => ({ row, ...each }));
}
