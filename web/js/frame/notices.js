// What arrives for the user: a toast in every open tab, and where the user wants it a notice of the
// browser's while no tab is seen.
import { notifications } from '../data/notifications.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { button } from '../parts/button.js';
import { toast } from '../parts/toast.js';
import { preference, prefer } from '../preferences.js';
import { go } from '../router.js';
import { isTold } from './endings.js';

const ENDING_COMES = 1000; // ms: the end of its job is told by itself, with more to say
const OTHERS_ANSWER = 300; // ms
const PREFERENCE = 'avisos';

const seen = new Set(); // ids that a tab has shown to the user
const tabs = new BroadcastChannel('mutirao-vistos');
tabs.onmessage = ({ data }) => seen.add(data);

export function startNotices() {
  notifications.onArrival((one) => {
    setTimeout(() => tell(one), ENDING_COMES);
    if (document.hidden) setTimeout(() => seen.has(one.id) || notice(one), OTHERS_ANSWER);
    else tabs.postMessage(one.id);
  });
}

function tell(one) {
  const job = one.metadata?.jobId;
  if (job && isTold(job)) return;
  const link = job && { href: `/jobs/${job}`, label: t('job.seeDetails') };
  toast(one.metadata?.title ?? one.message, {
    text: one.message,
    kind: /error|fail/.test(one.type) ? 'bad' : 'ok',
    link,
  });
}

const mayNotice = () => 'Notification' in window && isSecureContext;
const wanted = () =>
  mayNotice() && Notification.permission === 'granted' && preference(PREFERENCE) === 'sim';

/** Of several hidden tabs one shows it: the same tag takes the place of the other. */
function notice(one) {
  if (!wanted()) return;
  const shown = new Notification(one.metadata?.title ?? t('product'), {
    body: one.message,
    tag: `mutirao-${one.id}`,
    icon: document.querySelector('link[rel=icon]')?.href,
  });
  shown.onclick = () => {
    window.focus();
    if (one.metadata?.jobId) go(`/jobs/${one.metadata.jobId}`);
    shown.close();
  };
}

/** In the panel: whether the browser tells too, and the button that changes it. */
export function browserNotices(changed) {
  if (!mayNotice()) return null;
  if (Notification.permission === 'denied') {
    return h('p.xs.t2.row', icon('slash'), t('notices.blocked'));
  }
  const turn = async () => {
    if (wanted()) prefer(PREFERENCE, '');
    else if ((await Notification.requestPermission()) === 'granted') prefer(PREFERENCE, 'sim');
    changed();
  };
  return button(wanted() ? t('notices.off') : t('notices.on'), {
    icon: 'bell',
    kind: 'ghost small',
    'data-f': 'notices',
    on: turn,
  });
}
