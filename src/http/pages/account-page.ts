import { tokenField } from '../form-token.ts';
import { linkPath, loginPathTo, accountPath, logoutPath, unlinkPath } from '../paths.ts';
import { renderAlert } from './alert.ts';
import { type Html, html } from './html.ts';
import { renderPage } from './layout.ts';
import { renderProviderButtons } from './provider-buttons.ts';

/** Somebody elsewhere who vouches for this account. */
export interface LinkedIdentity {
  readonly id: string;
  /** Where they vouch: the authenticator's label. */
  readonly at: string;
  /** What they call the person. */
  readonly label: string;
}

export interface AccountPage {
  readonly username: string;
  /** What to call them; empty where nobody said. */
  readonly name: string;
  readonly hasPassword: boolean;
  readonly identities: readonly LinkedIdentity[];
  /** Those that can be linked, in order. */
  readonly redirects: readonly { readonly name: string; readonly label: string }[];
  readonly token: string;
  readonly trouble: string | null;
  /** What went well. */
  readonly notice: string | null;
}

/** The field of the form that unlinks. */
export const identityField = 'identity';

export const renderAccountPage = (page: AccountPage): string =>
  renderPage({
    title: page.trouble === null ? 'Your account' : 'Error: Your account',
    heading: page.name === '' ? page.username : page.name,
    lead: html`You are logged in as <code>user:${page.username}</code>.`,
    content: html`${page.trouble === null ? null : renderAlert(page.trouble)}
      ${page.notice === null ? null : html`<p class="notice" role="status">${page.notice}</p>`}
      <h2>Ways to log in</h2>
      ${renderWays(page)} ${page.redirects.length === 0 ? null : renderLinks(page)}
      <div class="actions">
        <form method="post" action="${logoutPath}">
          <input type="hidden" name="${tokenField}" value="${page.token}" />
          <button type="submit">Log out</button>
        </form>
        <a class="button quiet" href="${loginPathTo(accountPath)}">Log in again</a>
      </div>`,
  });

function renderWays({ hasPassword, identities, token }: AccountPage): Html {
  if (!hasPassword && identities.length === 0)
    return html`<p class="hint">None but the one you came with.</p>`;
  return html`<ul class="ways">
    ${hasPassword ? html`<li><span>Password</span></li>` : null}
    ${identities.map((identity) => renderIdentity(identity, token))}
  </ul>`;
}

const renderIdentity = ({ id, at, label }: LinkedIdentity, token: string): Html =>
  html`<li>
    <span>${at}<small>${label}</small></span>
    <form method="post" action="${unlinkPath}">
      <input type="hidden" name="${tokenField}" value="${token}" />
      <input type="hidden" name="${identityField}" value="${id}" />
      <button class="quiet small" type="submit" aria-label="Unlink ${at}, ${label}">Unlink</button>
    </form>
  </li>`;

const renderLinks = ({ redirects, token }: AccountPage): Html =>
  html`<h2>Link another</h2>
    <p class="hint">You prove there who you are; from then on it logs you in to this account.</p>
    ${renderProviderButtons({
      buttons: redirects.map(({ name, label }) => ({ action: linkPath(name), says: `Link ${label}` })),
      hidden: {},
      token,
    })}`;
