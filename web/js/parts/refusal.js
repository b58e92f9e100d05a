// Why the service refused what a dialog sent: a banner above its fields, which stay as they are. The
// button that sends waits as long as the service asks for, or until it answers again.
import { say } from '../announce.js';
import { connection } from '../connection.js';
import { fill, h } from '../dom.js';
import { t } from '../i18n.js';
import { banner } from './states.js';

/** `changed()` is called when `waits` may have changed; `el` goes into the dialog. */
export function refusals(changed, signal) {
  const el = h('div.refusal', { hidden: true });
  let timer;
  let waits = false;

  const draw = (text, kind = 'bad', icon = 'alert') => {
    el.hidden = !text;
    fill(el, text && banner(icon, text, { kind }));
  };
  const settle = (now) => {
    waits = now;
    changed();
  };
  const clear = () => {
    clearInterval(timer);
    draw('');
    settle(false);
  };
  const countDown = (message, seconds) => {
    const until = Date.now() + 1000 * seconds;
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      draw(
        `${message} ${left > 0 ? t('state.again', { n: left }) : t('refused.now')}`,
        '',
        'clock',
      );
      if (left > 0) return;
      clearInterval(timer);
      settle(false);
      say(t('refused.now'));
    };
    settle(true);
    timer = setInterval(tick, 250);
    tick();
  };
  const showConnection = () => {
    if (connection.lostAt === null) return waits === 'offline' && clear();
    clearInterval(timer);
    draw(t('refused.offline'), '', 'off');
    settle('offline');
  };
  connection.on(showConnection, signal);
  signal.addEventListener('abort', () => clearInterval(timer));
  return {
    el,
    /** Whether there is to be waited before one may send again. */
    get waits() {
      return Boolean(waits);
    },
    /** At the start: says where the service is away already. */
    look: showConnection,
    clear,
    show(error) {
      clearInterval(timer);
      if (error.name === 'OfflineError' && connection.lostAt !== null) showConnection();
      else if (error.retryAfter) countDown(sentence(error.message), error.retryAfter);
      else draw(error.status === 403 ? t('state.forbiddenText') : sentence(error.message));
      say(el.textContent, { urgent: true });
    },
  };
}

const sentence = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);
