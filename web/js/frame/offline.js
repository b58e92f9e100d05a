// The banner above every view while the service cannot be reached. What is shown stays; what would
// write is marked by body[data-offline].
import { connection } from '../connection.js';
import { $, h } from '../dom.js';
import { time } from '../format.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { button } from '../parts/button.js';

export function startOffline() {
  const text = h('span');
  let again;
  const el = h('div.banner', { hidden: true }, icon('off'), text);
  $('#note').append(el);
  let timer;
  const words = () => {
    if (connection.lostAt === null) return;
    const seconds = Math.max(1, Math.ceil((connection.nextTry - Date.now()) / 1000));
    text.textContent = t('offline.text', { at: time(connection.lostAt), seconds });
  };
  const show = () => {
    const lost = connection.lostAt !== null;
    el.hidden = !lost;
    document.body.toggleAttribute('data-offline', lost);
    again?.remove();
    clearInterval(timer);
    if (!lost) return;
    again = button(t('offline.now'), { kind: 'small', on: connection.tryNow });
    el.append(again);
    words();
    timer = setInterval(words, 1000);
  };
  connection.on(show);
}
