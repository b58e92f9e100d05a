// The banner above every view while the service cannot be reached. What is shown stays; what would
// write is marked by body[data-offline].
import { say } from '../announce.js';
import { connection } from '../connection.js';
import { $, h } from '../dom.js';
import { time } from '../format.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { button } from '../parts/button.js';

export function startOffline() {
  const text = h('span');
  const again = button('', { kind: 'small', on: connection.tryNow });
  const el = h('div.banner', { hidden: true }, icon('off'), text, again);
  $('#note').append(el);
  let timer;
  const words = () => {
    if (connection.lostAt === null) return;
    const seconds = Math.max(1, Math.ceil((connection.nextTry - Date.now()) / 1000));
    text.textContent = t('offline.text', { at: time(connection.lostAt), seconds });
    again.lastChild.textContent = t('offline.now');
  };
  connection.on(() => {
    const lost = connection.lostAt !== null;
    const changed = lost === el.hidden;
    el.hidden = !lost;
    document.body.toggleAttribute('data-offline', lost);
    words();
    if (!changed) return;
    clearInterval(timer);
    if (!lost) return;
    say(t('live.off'), { urgent: true });
    timer = setInterval(words, 1000);
  });
}
