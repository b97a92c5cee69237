// What the list and the map show: places, or deals at their places, one shape for both.
import type { AroundView, DealView, PlaceKind, PlaceView } from '../host/commands.gen';
import type { AroundKind } from '../state/router.svelte';
import { KINDS } from './kinds';

/** One row of the list and one mark of the map. */
export interface Entry {
  id: string;
  kind: PlaceKind;
  title: string;
  place: PlaceView;
  deal: DealView | null;
}

/** The entries of a screen, in the engine's order. */
export function entriesOf(view: AroundView, kind: AroundKind): Entry[] {
  return kind === 'partners'
    ? view.places.map((place) => ({ id: place.id, kind: place.kind, title: place.name, place, deal: null }))
    : view.deals.map((deal) => ({ id: deal.id, kind: deal.kind, title: deal.title, place: deal.place, deal }));
}

/** How many of each kind there are, of the kinds there are. */
export function counts(entries: readonly Entry[]): { kind: PlaceKind; count: number }[] {
  return KINDS.map((kind) => ({ kind, count: entries.filter((it) => it.kind === kind).length })).filter(({ count }) => count > 0);
}

/** Those of the chosen kinds; no choice means all. */
export function chosenOf(entries: readonly Entry[], kinds: ReadonlySet<PlaceKind>): Entry[] {
  return entries.filter((it) => kinds.size === 0 || kinds.has(it.kind));
}
