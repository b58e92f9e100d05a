// Work that many things ask for, done now and then.

/**
 * Returns a function that runs `work` at once, and what asks meanwhile or within `pause` ms behind
 * it together once more; nothing after `signal`.
 */
export function paced(work, pause, signal) {
  let busy = false;
  let wanted = false;
  const run = async () => {
    if (signal.aborted) return;
    if (busy) {
      wanted = true;
      return;
    }
    busy = true;
    wanted = false;
    await Promise.resolve(work()).catch(() => {}); // where there is no service, the banner says so
    setTimeout(() => {
      busy = false;
      if (wanted) run();
    }, pause);
  };
  return run;
}
