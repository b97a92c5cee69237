// Words on the map, each where there is room for it.
import type { TownView } from '../../host/commands.gen';
import type { Palette } from './palette';
import type { Box, Room } from './room';
import { pixelOf, worldOf, type Spot, type View } from './world';

/** Few towns from afar, all of them from near; the largest come first. */
const TOWNS_BY_ZOOM: readonly (readonly [zoom: number, most: number])[] = [
  [9, Infinity],
  [8, 32],
  [0, 14],
];
/** The dot of a town, and the gap before its name. */
const DOT = 2.5;
const GAP = 3;

/** What it takes to write on the map. */
export interface Pen {
  pen: CanvasRenderingContext2D;
  palette: Palette;
  room: Room;
}

/** A disc that already stands on the map. */
export interface Disc {
  at: Spot;
  radius: number;
}

export function paintTowns(tools: Pen, towns: readonly TownView[], view: View, discs: readonly Disc[]): void {
  let { pen } = tools;
  let most = TOWNS_BY_ZOOM.find(([zoom]) => view.zoom >= zoom)?.[1] ?? 0;
  let named = new Set<Disc>();
  for (let town of towns.slice(0, most)) {
    let at = pixelOf(worldOf(town), view);
    let cover = discs.find((it) => Math.hypot(it.at.x - at.x, it.at.y - at.y) < it.radius + DOT);
    // Of the towns under a mark, the largest is named, beside the mark.
    if (cover && named.has(cover)) continue;
    if (cover) {
      paintName(tools, town.name, cover.at, cover.radius + GAP, at);
      named.add(cover);
    } else if (paintName(tools, town.name, at, DOT + GAP)) {
      pen.beginPath();
      pen.arc(at.x, at.y, DOT, 0, 2 * Math.PI);
      pen.fill();
    }
  }
}

/** Writes beside a point, on the first side that has room, those towards a spot first; false when none has. */
export function paintName({ pen, palette, room }: Pen, name: string, at: Spot, away: number, towards?: Spot): boolean {
  let height = palette.text * 0.8824;
  pen.font = `600 ${height}px ${palette.family}`;
  let sides = places(at, away, pen.measureText(name).width, height);
  let far = (box: Box) => (towards ? Math.hypot((box.left + box.right) / 2 - towards.x, (box.top + box.bottom) / 2 - towards.y) : 0);
  let place = room.takeFirst(sides.sort((one, other) => far(one) - far(other)));
  if (!place) return false;
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  pen.lineJoin = 'round';
  pen.lineWidth = 4;
  pen.strokeStyle = palette.land;
  let middle = (place.top + place.bottom) / 2;
  pen.strokeText(name, place.left, middle);
  pen.fillStyle = palette.ink;
  pen.fillText(name, place.left, middle);
  return true;
}

/** Right, left, above, below. */
function places({ x, y }: Spot, away: number, width: number, height: number): Box[] {
  let half = height * 0.6;
  let box = (left: number, middle: number) => ({ left, top: middle - half, right: left + width, bottom: middle + half });
  return [box(x + away, y), box(x - away - width, y), box(x - width / 2, y - away - half), box(x - width / 2, y + away + half)];
}
