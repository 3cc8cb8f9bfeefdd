// No such page, or not for this person: the same words for both, so that nothing is given away.
import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { words } from '../controllers/locale.js';
import { Page, type PageHead } from '../controllers/page.js';
import { home } from '../controllers/session.js';

@customElement('page-not-found')
export class PageNotFound extends Page {
  protected override head(): PageHead { return { title: words().notFound.title }; }
  override render() {
    const t = words().notFound;
    return html`<section class="blank" data-testid="not-found"><h2>${t.title}</h2><p>${t.text}</p><a class="button" href=${home()}>${t.link}</a></section>`;
  }
}
