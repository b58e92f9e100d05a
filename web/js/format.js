// Dates, times and durations as people read them.
import { locale, t } from './i18n.js';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

const cache = new Map();
function dateFormat(name, options) {
  const key = locale() + name;
  if (!cache.has(key)) cache.set(key, new Intl.DateTimeFormat(locale(), options));
  return cache.get(key);
}

const two = '2-digit';
const date = { day: two, month: two, year: 'numeric' };
const asInstant = (what) => (typeof what === 'string' ? Date.parse(what) : what);

/** "2026-11-23" -> "23/11/2026", in both languages; nothing: "". A civil date has no time zone. */
export const day = (civil) => (civil ?? '').split('-').reverse().join('/');
/** "2026-11-23" -> "23 de novembro de 2026" */
export const longDay = (civil) =>
  dateFormat('long', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    Date.parse(`${civil}T00:00Z`),
  );
/** 0 -> "janeiro" */
export const monthName = (month) =>
  dateFormat('month', { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2023, month, 1));
/** From Sunday on: [["D", "domingo"], …] */
export const weekdays = () =>
  Array.from({ length: 7 }, (_, i) => {
    const sunday = Date.UTC(2023, 0, 1 + i);
    const name = dateFormat('weekday', { weekday: 'long', timeZone: 'UTC' }).format(sunday);
    return [name[0].toUpperCase(), name];
  });
/** An instant (ISO text or milliseconds) -> "14:32" */
export const time = (at) => dateFormat('time', { hour: two, minute: two }).format(asInstant(at));
/** -> "14:32:10" */
export const timeWithSeconds = (at) =>
  dateFormat('seconds', { hour: two, minute: two, second: two }).format(asInstant(at));
/** -> "23/11/2026 14:32:10" */
export const dateAndTime = (at) =>
  `${dateFormat('date', date).format(asInstant(at))} ${timeWithSeconds(at)}`;

/** -> "agora", "há 3 min", "há 2 h", "há 4 dias" */
export function ago(at, now = Date.now()) {
  const seconds = Math.max(0, (now - asInstant(at)) / 1000);
  if (seconds < MINUTE) return t('time.now');
  if (seconds < HOUR) return t('time.minutesAgo', { n: Math.floor(seconds / MINUTE) });
  if (seconds < DAY) return t('time.hoursAgo', { n: Math.floor(seconds / HOUR) });
  return t('time.daysAgo', { n: Math.floor(seconds / DAY) });
}

/** Milliseconds -> "12 s", "1 min 02 s", "2 h 05 min" */
export function duration(ms) {
  const seconds = Math.round(ms / 1000);
  const pad = (n) => String(n).padStart(2, '0');
  if (seconds < MINUTE) return `${seconds} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min ${pad(seconds % MINUTE)} s`;
  return `${Math.floor(seconds / HOUR)} h ${pad(Math.floor(seconds / MINUTE) % 60)} min`;
}

/** Seconds -> "quase pronto", "cerca de 15 s restantes" (in steps of 5 s), "… 2 min restantes" */
export function timeLeft(seconds) {
  if (seconds < 5) return t('time.nearlyDone');
  if (seconds < MINUTE) return t('time.secondsLeft', { n: Math.ceil(seconds / 5) * 5 });
  return t('time.minutesLeft', { n: Math.ceil(seconds / MINUTE) });
}

/** For searching: without accents and case. */
export const fold = (text) =>
  (text ?? '')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
