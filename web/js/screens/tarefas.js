// Tasks as they are shown: main, routine, or existing (taken up, or made by hand). Each has a mark
// of its own form.
import { h } from '../dom.js';
import { t } from '../i18n.js';

const AUTOMATIC = 'Automático';
const KINDS = { 1: 'main', 2: 'main', 4: 'routine' }; // by finalidade_id

export const kindOf = ({ status, finalidade_id: purpose }) =>
  (status === AUTOMATIC && KINDS[purpose]) || 'other';

export const kindText = (kind) => t(`task.kind.${kind}`);

/** Instead of the texts of the service where the page has its own: "progress" is "Em andamento". */
export const statusText = ({ status }) =>
  ({
    [AUTOMATIC]: t('task.automatic'),
    pendente: t('task.pending'),
    progress: t('task.inProgress'),
    concluída: t('task.done'),
  })[status] ?? status;

export const taskMark = (kind) =>
  h(`svg.mk.${kind}`, { viewBox: '0 0 10 10', 'aria-hidden': 'true' }, SHAPES[kind]());

const SHAPES = {
  main: () => h('path', { d: 'M5 -.6L10.6 5 5 10.6 -.6 5z' }),
  routine: () => h('circle', { cx: 5, cy: 5, r: 4.6 }),
  other: () => h('rect', { x: 1, y: 1, width: 8, height: 8 }),
};
