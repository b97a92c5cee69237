// Is this network paid for by its bytes? What the web view knows of it; where it knows nothing, no.

/** What some web views tell of the connection; it is in no standard of all of them. */
interface Connection extends EventTarget {
  readonly saveData?: boolean;
  readonly type?: string;
}

/** Tells now, and whenever it changes; returns how to stop. */
export function watchMetered(tell: (metered: boolean) => void, at: Navigator = navigator): () => void {
  let connection = (at as Navigator & { connection?: Connection }).connection;
  let isMetered = () => connection?.saveData === true || connection?.type === 'cellular';
  let last = isMetered();
  let onchange = () => {
    if (isMetered() !== last) tell((last = isMetered()));
  };
  connection?.addEventListener('change', onchange);
  tell(last);
  return () => connection?.removeEventListener('change', onchange);
}
