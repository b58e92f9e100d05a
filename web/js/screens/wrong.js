// An address that shows nothing.
import { fill } from '../dom.js';
import { t } from '../i18n.js';
import { linkButton } from '../parts/button.js';
import { head } from '../parts/page.js';
import { empty } from '../parts/states.js';

export const wrong = {
  name: '',
  title: () => t('wrong.title'),
  show(view) {
    const back = linkButton(t('jobs.toCompanies'), '/empresas');
    fill(
      view.root,
      head(t('wrong.title')),
      empty('search', t('wrong.title'), t('wrong.text'), back),
    );
  },
};
