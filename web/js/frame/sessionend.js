// When a session has ended: asked for in a dialog above what one was at, which stays as it is.
import { h } from '../dom.js';
import { t } from '../i18n.js';
import { banner } from '../parts/states.js';
import { button } from '../parts/button.js';
import { dialog } from '../parts/dialog.js';
import { signIn } from '../parts/signin.js';
import { session } from '../session.js';

/** Resolves to whether the same user has signed in again. */
export const askAgain = () =>
  new Promise((done) => {
    const before = session.user.id;
    let again = false;
    const ending = new AbortController();
    const { form, dev } = signIn({
      email: session.user.email ?? '',
      signal: ending.signal,
      onDone() {
        again = session.user.id === before;
        el.close();
      },
    });
    const leave = () => {
      el.close();
      session.signOut();
    };
    const el = dialog(t('session.title'), {
      width: '26rem',
      kind: 'ask',
      closable: false,
      body: [banner('info', t('session.ended'), { kind: 'info' }), form, dev],
      footer: [button(t('account.signOut'), { on: leave })],
      onClose() {
        ending.abort();
        done(again);
      },
    });
  });
