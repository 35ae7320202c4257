import type { Principal } from '../../core/principal.ts';
import { tokenField } from '../form-token.ts';
import { accountPath, graphiqlPath, loginPath, logoutPath } from '../paths.ts';
import { html } from './html.ts';
import { renderPage } from './layout.ts';

export interface HomePage {
  readonly principal: Principal;
  /** Everything the principal counts as, itself left out. */
  readonly subjects: readonly string[];
  readonly policyVersion: string;
  /** For the button that logs out; `null` for a visitor. */
  readonly token: string | null;
  readonly graphiql: boolean;
}

export const renderHomePage = ({ principal, subjects, policyVersion, token, graphiql }: HomePage): string =>
  renderPage({
    title: 'Home',
    heading: principal.kind === 'user' ? `Hello, ${principal.username}` : 'You are not logged in',
    lead: 'Prove who you are; every GraphQL field you touch is then decided by a policy file.',
    content: html`<dl>
        <div>
          <dt>You act as</dt>
          <dd><code>${principal.subject}</code></dd>
        </div>
        <div>
          <dt>You count as</dt>
          <dd class="values">${subjects.map((subject) => html`<code>${subject}</code> `)}</dd>
        </div>
        <div>
          <dt>Policy</dt>
          <dd><code>${policyVersion}</code></dd>
        </div>
      </dl>
      <div class="actions">
        ${
          token === null
            ? html`<a class="button" href="${loginPath}">Log in</a>`
            : html`<form method="post" action="${logoutPath}">
                <input type="hidden" name="${tokenField}" value="${token}" />
                <button type="submit">Log out</button>
              </form>`
        }
        ${token === null ? null : html`<a class="button quiet" href="${accountPath}">Your account</a>`}
        ${graphiql ? html`<a class="button quiet" href="${graphiqlPath}">Open GraphiQL</a>` : null}
      </div>`,
  });
