// A year as twelve months, with the days that have tasks as buttons. One tab stop: the arrows go
// from marked day to marked day.
import { $$, focused, h } from '../dom.js';
import { longDay, monthName, weekdays } from '../format.js';
import { kindOf, kindText, taskMark } from './tarefas.js';

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** `tasks` of that year; `choose(date)` gets the day that is pressed, '' where it is let go. */
export function yearCalendar(year, tasks, choose) {
  const byDay = Map.groupBy(tasks, ({ prazo }) => prazo);
  const today = new Date().toLocaleDateString('sv');
  const el = h(
    'div.cal',
    { onkeydown: move, onclick: press },
    Array.from({ length: 12 }, (_, month) => monthTable(year, month, byDay, today)),
  );
  const days = () => $$('button', el);
  days()[0]?.setAttribute('tabindex', '0');
  const stopAt = (button) => {
    for (const one of days()) one.tabIndex = one === button ? 0 : -1;
  };

  function move(event) {
    const all = days();
    const at = all.indexOf(focused());
    const to = { Home: 0, End: all.length - 1 }[event.key] ?? at + (STEPS[event.key] ?? NaN);
    if (at < 0 || Number.isNaN(to)) return;
    event.preventDefault();
    const button = all[(to + all.length) % all.length];
    stopAt(button);
    button.focus();
  }

  function press({ target }) {
    const button = target.closest('button');
    if (!button) return;
    const on = button.getAttribute('aria-pressed') !== 'true';
    for (const one of days()) one.setAttribute('aria-pressed', String(on && one === button));
    stopAt(button);
    choose(on ? button.dataset.day : '');
  }
  return el;
}

function monthTable(year, month, byDay, today) {
  const before = new Date(Date.UTC(year, month, 1)).getUTCDay();
  const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const cell = (place) => {
    const number = place - before + 1;
    return number < 1 || number > length
      ? h('td')
      : dayCell(dateOf(year, month, number), number, byDay, today);
  };
  const weeks = Array.from({ length: Math.ceil((before + length) / 7) }, (_, week) =>
    h(
      'tr',
      Array.from({ length: 7 }, (__, weekday) => cell(7 * week + weekday)),
    ),
  );
  return h(
    'table',
    h('caption', monthName(month)),
    h(
      'thead',
      h(
        'tr',
        weekdays().map(([letter, name]) => weekdayCell(letter, name)),
      ),
    ),
    h('tbody', weeks),
  );
}

const weekdayCell = (letter, name) => h('th', { scope: 'col', abbr: name }, letter);

const two = (n) => String(n).padStart(2, '0');
const dateOf = (year, month, number) =>
  `${String(year).padStart(4, '0')}-${two(month + 1)}-${two(number)}`;

function dayCell(date, number, byDay, today) {
  const tasks = byDay.get(date);
  return h(
    'td',
    { class: date === today ? 'now' : '', 'aria-current': date === today ? 'date' : null },
    tasks ? dayButton(date, number, tasks) : String(number),
  );
}

function dayButton(date, number, tasks) {
  const kinds = tasks.map(kindOf);
  const words = tasks.map((task, i) => `${task.finalidade}, ${kindText(kinds[i])}`).join('; ');
  return h(
    'button',
    {
      type: 'button',
      class: kinds[0],
      'data-day': date,
      tabindex: '-1',
      'aria-pressed': 'false',
      'aria-label': `${longDay(date)}: ${words}`,
    },
    String(number),
    taskMark(kinds[0]),
  );
}
