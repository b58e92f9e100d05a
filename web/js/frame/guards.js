// What holds on the whole page: nothing happens at what is marked as not available (it keeps its
// focus), nor at what would write while the service cannot be reached, nor at the second click of
// two on what writes, whose button may be another by then; and the skip link leads into the content.
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
  const writing = event.target.closest?.('[data-writes]');
  const writes = connection.lostAt !== null && writing;
  if (
    !writes &&
    !(writing && event.detail > 1) &&
    !event.target.closest?.('[aria-disabled="true"]')
  )
    return;
  if (writes) say(t('live.off'), { urgent: true });
  event.preventDefault();
  event.stopImmediatePropagation();
}
