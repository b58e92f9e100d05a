// One job: how far it is, what became of each company.
import { fill } from '../dom.js';
import { t } from '../i18n.js';
import { head } from '../parts/page.js';
import { empty } from '../parts/states.js';

export const job = {
  name: 'jobs',
  title: () => t('jobs.title'),
  show(view) {
    fill(view.root, head(t('jobs.title')), empty('jobs', t('jobs.title'), t('jobs.soon')));
  },
};
