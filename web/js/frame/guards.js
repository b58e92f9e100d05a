// What holds on the whole page: nothing happens at what is marked as not available (it keeps its
// focus), nor at what would write while the service cannot be reached; and the skip link leads into
// the content.
import { say } from '../announce.js';
import { connection } from '../connection.js';
import { $ } from '../dom.js';
import { t } from '../i18n.js';

export function startGuards() {
  addEventListener('click', stopUnavailable, true);
  $('#skip').addEventListener('click', (event) => {
    event.preventDefault();
    $('#conteudo').focus();
  });
}

function stopUnavailable(event) {
  const writes = connection.lostAt !== null && event.target.closest?.('[data-writes]');
  if (!writes && !event.target.closest?.('[aria-disabled="true"]')) return;
  if (writes) say(t('live.off'), { urgent: true });
  event.preventDefault();
  event.stopImmediatePropagation();
}
