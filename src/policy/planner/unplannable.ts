/** Why stock Casbin has to decide: what in the model can't be planned. */
export class Unplannable extends Error {
  override readonly name = 'Unplannable';
}
