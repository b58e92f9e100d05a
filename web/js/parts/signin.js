// The form to sign in with: on its own screen, and in the dialog of a session that ended.
import { say } from '../announce.js';
import { $, fill, h } from '../dom.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { session } from '../session.js';
import { busy, button, enable, submit } from './button.js';
import { field, input, markField, require } from './field.js';

/** Returns the form and what stands below it under `serve --dev`; `onDone()` after a sign-in. */
export function signIn({ email = '', onDone, signal }) {
  const mail = input(email, { type: 'email', name: 'email', autocomplete: 'username' });
  const password = input('', {
    type: 'password',
    name: 'senha',
    autocomplete: 'current-password',
    autofocus: email !== '',
  });
  if (!email) mail.setAttribute('autofocus', '');
  const enter = submit(t('signin.title'));
  const wrong = h('div');
  const tries = waiting(wrong, enter, signal);

  const send = async () => {
    if (tries.left() > 0) return;
    const filled = [checkMail(mail), require(password, t('signin.needPassword'))];
    if (filled.includes(false)) return $('[aria-invalid="true"]', form).focus();
    fill(wrong);
    await attempt(
      enter,
      () => session.signIn(mail.value.trim(), password.value),
      onDone,
      (error) => {
        refuse(error, wrong, tries);
        password.select();
        password.focus();
      },
    );
  };
  mail.addEventListener('input', () => markField(mail, '', ''));
  password.addEventListener('input', () => markField(password, '', ''));
  const form = h(
    'form.stack-s',
    { novalidate: true, onsubmit: (event) => (event.preventDefault(), send()) },
    wrong,
    field(t('signin.email'), mail),
    field(t('signin.password'), password),
    enter,
  );
  return { form, dev: devUsers(onDone, wrong, tries) };
}

async function attempt(control, work, onDone, onError) {
  try {
    await busy(control, work);
  } catch (error) {
    return onError(error);
  }
  onDone();
}

function checkMail(of) {
  const right = of.value.trim() !== '' && of.validity.valid;
  markField(of, right ? '' : 'bad', right ? '' : t('signin.needEmail'));
  return right;
}

function refuse(error, region, tries) {
  if (error.status === 429) return tries.wait(error.retryAfter ?? 30);
  showWrong(region, error.status === 401 ? t('signin.wrong') : error.message);
}

function showWrong(region, text) {
  fill(region, h('div.banner.bad', icon('alert'), h('span', text)));
  say(text, { urgent: true });
}

/** After too many tries: counts the seconds down on the screen, and says them once. */
function waiting(region, control, signal) {
  let until = 0;
  let timer;
  const left = () => Math.max(0, Math.ceil((until - Date.now()) / 1000));
  const tick = () => {
    enable(control, left() === 0);
    if (left() === 0) {
      clearInterval(timer);
      fill(region);
    } else {
      $('span', region).textContent = t('signin.tooMany', { seconds: left() });
    }
  };
  signal?.addEventListener('abort', () => clearInterval(timer));
  return {
    left,
    wait(seconds) {
      until = Date.now() + seconds * 1000;
      showWrong(region, t('signin.tooMany', { seconds }));
      clearInterval(timer);
      timer = setInterval(tick, 250);
      tick();
    },
  };
}

function devUsers(onDone, wrong, tries) {
  if (!session.devUsers?.length) return null;
  return h(
    'div.stack-s',
    h('p.xs.t3', t('signin.dev')),
    session.devUsers.map((user) => {
      const name = `${user.nome} ${user.sobrenome ?? ''}`.trim();
      const enter = button(t(user.admin ? 'signin.asAdmin' : 'signin.as', { name }), {
        icon: 'user',
        on: () =>
          attempt(
            enter,
            () => session.signInAs(user.id),
            onDone,
            (error) => refuse(error, wrong, tries),
          ),
      });
      return enter;
    }),
  );
}
