// The navigation: the screens, the units with how many companies each has, the job that runs.
import { companies } from '../data/companies.js';
import { hasEnded, jobs } from '../data/jobs.js';
import { units } from '../data/units.js';
import { $, fill, h } from '../dom.js';
import { icon } from '../icons.js';
import { num, t } from '../i18n.js';
import { jobTitle } from '../parts/jobwords.js';
import { bar, setBar } from '../parts/progress.js';
import { go, shown } from '../router.js';

const SCREENS = [
  ['empresas', 'building'],
  ['jobs', 'jobs'],
  ['sobre', 'code'],
];
let mini = null; // {id, bar, percent, ending}

export function drawNav() {
  const here = shown()?.name;
  fill(
    $('#nav'),
    h(
      'ul',
      SCREENS.map(([name, picture]) => screenLink(name, picture, here === name)),
    ),
    h('div', h('h2', t('nav.units')), h('ul', unitLinks(here))),
    miniCard(),
  );
}

/** Looks at a unit, at its companies. */
export function chooseUnit(id) {
  units.select(id);
  if (location.pathname !== '/empresas') go(id ? `/empresas?unidade=${id}` : '/empresas');
}

function screenLink(name, picture, current) {
  const n = name === 'jobs' ? jobs.active.length : 0;
  return h(
    'li',
    h(
      'a',
      { href: `/${name}`, 'aria-current': current ? 'page' : null },
      icon(picture),
      t(`nav.${name}`),
      n > 0 && h('span.n', num(n)),
    ),
  );
}

const unitLinks = (here) =>
  [0, ...units.all.map((unit) => unit.id)].map((id) =>
    h(
      'li',
      h(
        'a',
        {
          href: id ? `/empresas?unidade=${id}` : '/empresas',
          'aria-current': here === 'empresas' && id === units.current ? 'true' : null,
          onclick: (event) => (event.preventDefault(), chooseUnit(id)),
        },
        h('span.cut', id ? units.name(id) : t('units.every')),
        h('span.n', companies.all ? num(companies.count(id)) : ''),
      ),
    ),
  );

const running = () => jobs.active.find((job) => job.state !== 'pending' && job.state !== 'paused');

function miniCard() {
  const job = running();
  if (job?.id !== mini?.id) {
    mini?.ending.abort();
    mini = job ? { id: job.id, ending: new AbortController() } : null;
    if (mini) jobs.watch(job.id, mini.ending.signal);
  }
  if (!job) return null;
  mini.percent = h('span.t2', `${job.progress.percentage} %`);
  mini.bar = bar(job, t('nav.runningJob'));
  return h(
    'a.mini',
    { href: `/jobs/${job.id}` },
    h('span.row', h('span.b.cut.grow', job.unidade_nome ?? jobTitle(job)), mini.percent),
    mini.bar,
  );
}

/** A step of a job: the small card moves without being drawn anew. */
export function followJobs() {
  let states = '';
  jobs.on((job) => {
    const now = jobs.active.map((one) => `${one.id} ${one.state}`).join();
    if (now !== states) {
      states = now;
      drawNav();
    } else if (mini?.id === job.id && !hasEnded(job)) {
      setBar(mini.bar, job);
      mini.percent.textContent = `${job.progress.percentage} %`;
    }
  });
}
