// Sobre e API: the version, and the reference of the API.
import { fill } from '../dom.js';
import { t } from '../i18n.js';
import { head } from '../parts/page.js';
import { empty } from '../parts/states.js';

export const sobre = {
  name: 'sobre',
  title: () => t('about.title'),
  show(view) {
    fill(view.root, head(t('about.title')), empty('code', t('about.title'), t('about.soon')));
  },
};
