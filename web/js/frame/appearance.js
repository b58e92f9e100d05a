// Light, dark, or as the system has it.
import { preference, prefer } from '../preferences.js';

export const APPEARANCES = ['', 'light', 'dark'];
export const appearance = () => preference('aparencia');

export function showAs(to) {
  prefer('aparencia', to);
  applyAppearance();
}

export function applyAppearance() {
  const root = document.documentElement;
  if (appearance()) root.dataset.theme = appearance();
  else delete root.dataset.theme;
}
