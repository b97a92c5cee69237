// Which entries share one mark: a thumb must be able to tell two marks apart.
import type { Entry } from '../entries';
import { viewAt, worldOf, type Spot } from './world';

/** One mark: one entry, or several that stand too close to each other at this zoom. */
export interface Mark {
  spot: Spot;
  entries: readonly Entry[];
  /** Half its width, in pixels. */
  radius: number;
}

/** Entries nearer than this share a mark: a touch target, and room for a name beside it. */
const APART = 56;
/** Past this the map shows no more detail; what still shares a mark then is at one address. */
export const MOST_ZOOM = 15;
/** Half the width of the mark of one entry. */
export const ONE = 14;
/** A group grows with what it holds, up to this. */
const MANY = 26;

/** The marks at a zoom; `unit` is larger where the person's text is. */
export function groupsOf(entries: readonly Entry[], zoom: number, unit = 1): Mark[] {
  let { scale } = viewAt({ x: 0, y: 0 }, zoom, { width: 0, height: 0 });
  return apart(gathered(entries, (APART * unit) / scale, unit), scale, unit);
}

/** True when no zoom would ever part these. */
export function isOneAddress(entries: readonly Entry[]): boolean {
  return groupsOf(entries, MOST_ZOOM).length === 1;
}

/** Puts each entry to the first one within reach. */
function gathered(entries: readonly Entry[], reach: number, unit: number): Mark[] {
  let cells = new Map<string, { first: Spot; entries: Entry[] }[]>();
  for (let entry of entries) {
    let spot = worldOf(entry.place);
    let [column, row] = [Math.floor(spot.x / reach), Math.floor(spot.y / reach)];
    let near = around(column, row)
      .flatMap((cell) => cells.get(cell) ?? [])
      .find(({ first }) => Math.hypot(first.x - spot.x, first.y - spot.y) < reach);
    let cell = `${column} ${row}`;
    if (near) near.entries.push(entry);
    else cells.set(cell, [...(cells.get(cell) ?? []), { first: spot, entries: [entry] }]);
  }
  return [...cells.values()].flat().map((it) => markOf(it.entries, unit));
}

/** Joins marks whose discs would touch, until none does. */
function apart(marks: Mark[], scale: number, unit: number): Mark[] {
  let sorted = marks.sort((one, other) => one.spot.x - other.spot.x);
  for (let [at, one] of sorted.entries()) {
    for (let other of sorted.slice(at + 1)) {
      if ((other.spot.x - one.spot.x) * scale > 2 * MANY * unit) break;
      if (Math.hypot(one.spot.x - other.spot.x, one.spot.y - other.spot.y) * scale > one.radius + other.radius) continue;
      let rest = sorted.filter((it) => it !== one && it !== other);
      return apart([...rest, markOf([...one.entries, ...other.entries], unit)], scale, unit);
    }
  }
  return sorted;
}

function markOf(entries: readonly Entry[], unit: number): Mark {
  let spots = entries.map((it) => worldOf(it.place));
  let sum = spots.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 });
  let radius = entries.length === 1 ? ONE : Math.min(ONE + 1 + Math.log2(entries.length) * 1.5, MANY);
  return { spot: { x: sum.x / spots.length, y: sum.y / spots.length }, entries, radius: radius * unit };
}

function around(column: number, row: number): string[] {
  let steps = [-1, 0, 1];
  return steps.flatMap((right) => steps.map((down) => `${column + right} ${row + down}`));
}
