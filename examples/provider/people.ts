/** Somebody who has an account at the provider. */
export interface ProviderPerson {
  /** What the provider calls them for ever: the `sub` claim. */
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly email: string;
  /** What the claim `groups` says of them. */
  readonly groups: readonly string[];
}

/** For trying things out on this machine alone: everybody knows it. */
export const providerPassword = 'portcullis-demo';

export const providerPeople: readonly ProviderPerson[] = [
  {
    id: 'acme-1001',
    username: 'ann.archer',
    name: 'Ann Archer',
    email: 'ann.archer@acme.example',
    groups: ['helpdesk'],
  },
  {
    id: 'acme-1002',
    username: 'eve',
    name: 'Eve Ellis',
    email: 'eve@acme.example',
    groups: ['helpdesk', 'bowling'],
  },
  { id: 'acme-1003', username: 'finn', name: 'Finn Frost', email: 'finn@acme.example', groups: [] },
];
