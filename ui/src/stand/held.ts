// A shared tablet's way through the screens. It comes with the stand: a phone's first screen pays nothing for it.
import { path, router, type Part, type Screen } from '../state/router.svelte';

const ADDRESS = path({ name: 'stand', part: 'home' });

/** As the router, without a history: whatever is open, the address says « stand » and the way back leads nowhere. */
const HELD = {
  go: (screen: Screen) => show(screen, []),
  open: (part: Part, { replace = false } = {}) => show(router.screen, [...(replace ? parts.slice(0, -1) : parts), part]),
  close: () => show(router.screen, parts.slice(0, -1)),
  back: (otherwise: Screen) => show(otherwise, []),
  restart: async (screen: Screen) => show(screen, []),
};

/** What lies over the open screen, the uppermost last. */
let parts: Part[] = [];

function show(screen: Screen, over: Part[]): void {
  parts = over;
  Object.assign(router, { scroll: 0, screen, part: over.at(-1) ?? null });
}

/** One entry above whatever was opened before; what lay ahead is gone. */
function stay(): void {
  history.pushState({ depth: 0, scroll: 0 }, '', ADDRESS);
}

function onpop(event: Event): void {
  event.stopImmediatePropagation();
  stay();
}

/** Holds the window, until it is released; the landing is open then. */
export function hold(): () => void {
  Object.assign(router, HELD);
  addEventListener('popstate', onpop, { capture: true });
  stay();
  return () => {
    removeEventListener('popstate', onpop, { capture: true });
    // The router's own ways are found again below these.
    for (let name of Object.keys(HELD)) Reflect.deleteProperty(router, name);
    router.go({ name: 'landing' }, { replace: true });
  };
}
