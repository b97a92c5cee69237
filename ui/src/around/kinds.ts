// The kinds of places: their order, and how each is drawn, in the list as on the map.
import type { PlaceKind } from '../host/commands.gen';

export const KINDS: readonly PlaceKind[] = ['CINEMA', 'MUSEE', 'SPECTACLE', 'LIBRAIRIE', 'BIBLIOTHEQUE', 'SPORT', 'AUTRE'];

/** One drawing each on a 24 px square, so that no kind is told by its colour alone. */
export const KIND_PATHS: Record<PlaceKind, string> = {
  CINEMA: 'M3.5 6h17v12h-17z M10 9.2l5 2.8-5 2.8z',
  MUSEE: 'M4 9.5 12 4.5l8 5z M6.5 10v7.5 M12 10v7.5 M17.5 10v7.5 M3.5 19h17',
  SPECTACLE: 'M5.5 5h13v6.5a6.5 8 0 0 1-13 0z M9 9v.6 M15 9v.6 M9.2 13c1.7 1.8 3.9 1.8 5.6 0',
  LIBRAIRIE: 'M12 7c-2.2-1.7-5.3-2.1-8.5-1.7v12.5c3.2-.4 6.3 0 8.5 1.7 2.2-1.7 5.3-2.1 8.5-1.7V5.3c-3.2-.4-6.3 0-8.5 1.7z M12 7v12',
  BIBLIOTHEQUE: 'M5.5 4.5v14 M10 4.5v14 M14 5l4.5 13.2 M3.5 19.5h17',
  SPORT: 'M7.5 7v10 M16.5 7v10 M7.5 12h9 M4 9.5v5 M20 9.5v5',
  AUTRE: 'M12 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z',
};

/** The colour role of a kind, in kinds.css. */
export function colourRole(kind: PlaceKind): string {
  return `--kind-${kind.toLowerCase()}`;
}
