// One company, with its tasks on a year's calendar.
import { companies } from '../data/companies.js';
import { fill } from '../dom.js';
import { documentOf } from '../documents.js';
import { t } from '../i18n.js';
import { head } from '../parts/page.js';

export const calendario = {
  name: 'empresas',
  title: () => t('companies.title'),
  async show(view) {
    await companies.load();
    const company = companies.find(Number(view.params.id));
    view.setTitle(company?.razao_social ?? t('wrong.title'));
    const crumb = { href: '/empresas', label: t('companies.title'), here: view.title };
    fill(view.root, head(view.title, { subtitle: company && documentOf(company), crumb }));
  },
};
