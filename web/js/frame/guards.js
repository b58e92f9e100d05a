// What holds on the whole page: nothing happens at what is marked as not available (it keeps its
// focus), and the skip link leads into the content.
import { $ } from '../dom.js';

export function startGuards() {
  addEventListener('click', stopUnavailable, true);
  $('#skip').addEventListener('click', (event) => {
    event.preventDefault();
    $('#conteudo').focus();
  });
}

function stopUnavailable(event) {
  if (!event.target.closest?.('[aria-disabled="true"]')) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}
