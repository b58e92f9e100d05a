// What a user chose for this browser. Never a token.

const prefix = 'mutirao.';

export function preference(name) {
  try {
    return localStorage.getItem(prefix + name) ?? '';
  } catch {
    return ''; // storage is switched off
  }
}

export function prefer(name, value) {
  try {
    if (value) localStorage.setItem(prefix + name, value);
    else localStorage.removeItem(prefix + name);
  } catch {
    // it counts for this page alone
  }
}
