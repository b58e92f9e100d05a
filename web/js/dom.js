// Elements without a framework.

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
export const focused = () => document.activeElement;

const SVG = new Set(['svg', 'path', 'rect', 'circle', 'line', 'g']);
const PROPERTIES = new Set(['value', 'checked', 'disabled', 'indeterminate', 'selected']);

const isProps = (what) =>
  what !== null && typeof what === 'object' && !what.nodeType && !Array.isArray(what);

/**
 * h('div.card', {class, style: {'--w': '3rem'}, onclick, 'aria-label': …}, children…): one element.
 * Properties may be left out; children may be nodes, texts, numbers, lists, or nothing (null,
 * false). Styles go through the CSSOM, since the page's policy takes no style attribute.
 */
export function h(spec, props, ...children) {
  const [tag, ...classes] = spec.split('.');
  if (!isProps(props)) {
    children.unshift(props);
    props = {};
  }
  const element = SVG.has(tag)
    ? document.createElementNS('http://www.w3.org/2000/svg', tag)
    : document.createElement(tag);
  if (classes.length) element.setAttribute('class', classes.join(' '));
  for (const [name, value] of Object.entries(props)) set(element, name, value);
  element.append(...list(children));
  return element;
}

function set(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
  else if (name === 'class') element.classList.add(...String(value).split(' ').filter(Boolean));
  else if (name === 'style') {
    for (const [property, text] of Object.entries(value)) element.style.setProperty(property, text);
  } else if (PROPERTIES.has(name)) element[name] = value;
  else element.setAttribute(name, value === true ? '' : value);
}

/** What may be appended of `children`, flat. */
export const list = (...children) =>
  children.flat(9).filter((child) => child !== null && child !== undefined && child !== false);

/** Puts `children` in the place of what `element` holds. */
export function fill(element, ...children) {
  element.replaceChildren(...list(children));
  return element;
}

/**
 * Makes `old` read as `fresh` does, and keeps what of its nodes it can: focus and listeners stay.
 * What cannot be kept makes way for what is fresh. Returns the node that is there now.
 */
export function patch(old, fresh) {
  if (old.isEqualNode(fresh)) return old;
  if (old.nodeName !== fresh.nodeName || old.childNodes.length !== fresh.childNodes.length) {
    old.replaceWith(fresh);
    return fresh;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.data = fresh.data;
    return old;
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (name === 'style') old.style.cssText = fresh.style.cssText;
    else if (name !== 'aria-expanded') attribute(old, name, value); // a menu says that itself
  }
  for (const { name } of [...old.attributes])
    if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  [...fresh.childNodes].forEach((child, i) => patch(old.childNodes[i], child));
  return old;
}

/** Sets the attribute where there is a value, removes it where there is none. */
export function attribute(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

let ids = 0;
export const newId = (of) => `${of}-${++ids}`;
