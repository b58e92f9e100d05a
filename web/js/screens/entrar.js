// Entrar: e-mail and password, or one click as a made-up user under `serve --dev`. Goes to where
// one was ("de" in the address).
import { fill, h } from '../dom.js';
import { brand } from '../frame/bar.js';
import { language, setLanguage, t } from '../i18n.js';
import { button } from '../parts/button.js';
import { signIn } from '../parts/signin.js';
import { go } from '../router.js';

export const entrar = {
  name: 'entrar',
  title: () => t('signin.title'),
  show(view) {
    const { form, dev } = signIn({
      signal: view.signal,
      onDone: () => go(place(), { replace: true }),
    });
    view.root.className = 'login';
    fill(
      view.root,
      h(
        'div.box',
        h('div.row', brand(), h('span.grow'), languageButton()),
        h('div.card', h('h1', { tabindex: '-1' }, t('signin.title')), form),
        dev,
      ),
    );
  },
};

const OTHER = { pt: ['en', 'English'], en: ['pt', 'Português'] };

function languageButton() {
  const [code, label] = OTHER[language()];
  return button(label, { kind: 'ghost small', lang: code, on: () => setLanguage(code) });
}

/** Where one wanted to go: an address of this page and no other. */
function place() {
  const wanted = new URLSearchParams(location.search).get('de') ?? '';
  return /^\/(?![/\\])/.test(wanted) ? wanted : '/empresas';
}
