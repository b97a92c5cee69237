// A shared tablet's way through the screens. It comes with the stand: a phone's first screen pays nothing for it.
import { path, router, type Part, type Screen } from '../state/router.svelte';

const ADDRESS = path({ name: 'stand', part: 'home' });

/** As the router, without a history: whatever is open, the address says « stand » and the way back leads nowhere. */
const HELD = {
  go: (screen: Screen) => show(screen, null),
  open: (part: Part) => show(router.screen, part),
  close: () => show(router.screen, null),
  back: (otherwise: Screen) => show(otherwise, null),
  restart: async (screen: Screen) => show(screen, null),
};

function show(screen: Screen, part: Part | null): void {
  Object.assign(router, { scroll: 0, screen, part });
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
