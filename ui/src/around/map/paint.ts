// The picture of the map: land, towns, marks, in this order.
import type { PlaceKind, TownView } from '../../host/commands.gen';
import type { Entry } from '../entries';
import { KIND_PATHS } from '../kinds';
import { ONE, type Mark } from './groups';
import { paintName, paintTowns, type Disc } from './names';
import type { Outline } from './outline';
import type { Palette } from './palette';
import { Room } from './room';
import { pixelOf, worldOf, type Size, type Spot, type View } from './world';

/** Everything one picture shows. */
export interface Picture {
  outline: Outline;
  towns: readonly TownView[];
  marks: readonly Mark[];
  selected: Entry | null;
  /** Where distances are counted from. */
  near: Spot | null;
  view: View;
  size: Size;
  palette: Palette;
}

/** Half the width of the chosen mark with its ring. */
const CHOSEN = ONE + 8;
/** The same of the point that distances are counted from, and of its halo: seen around the mark that may cover it. */
const HERE = 5;
const HALO = 36;
/** A mark this far outside still reaches into the window. */
const EDGE = 48;
/** From this zoom on, a mark alone is given its name, where there is room. */
const NAMES_FROM = 11.5;

export function paint(pen: CanvasRenderingContext2D, picture: Picture): void {
  let { size, view, palette, towns, selected, near } = picture;
  pen.fillStyle = palette.paper;
  pen.fillRect(0, 0, size.width, size.height);
  paintLand(pen, picture);

  if (near) paintNear(pen, pixelOf(near, view), palette);

  let marks = picture.marks
    .map((mark) => ({ mark, at: pixelOf(mark.spot, view), radius: mark.radius }))
    .filter(({ at }) => at.x > -EDGE && at.y > -EDGE && at.x < size.width + EDGE && at.y < size.height + EDGE);
  let room = new Room(size);
  let discs: Disc[] = [...marks];
  if (near) discs.push({ at: pixelOf(near, view), radius: HERE * palette.unit });
  if (selected) discs.push({ at: pixelOf(worldOf(selected.place), view), radius: CHOSEN * palette.unit });
  for (let { at, radius } of discs) room.take({ left: at.x - radius, top: at.y - radius, right: at.x + radius, bottom: at.y + radius });

  paintTowns({ pen, palette, room }, towns, view, discs);
  for (let { mark, at, radius } of marks) paintMark(pen, mark, at, radius, palette);
  if (view.zoom >= NAMES_FROM) {
    for (let { mark, at, radius } of marks) {
      if (mark.entries.length === 1) paintName({ pen, palette, room }, mark.entries[0]?.place.name ?? '', at, radius + 4);
    }
  }
  if (selected) paintSelected(pen, selected.kind, pixelOf(worldOf(selected.place), view), palette);
}

function paintLand(pen: CanvasRenderingContext2D, { outline, view, palette }: Picture): void {
  pen.lineJoin = 'round';
  trace(pen, outline.land, view);
  pen.fillStyle = palette.land;
  pen.fill('evenodd');
  pen.strokeStyle = palette.edge;
  pen.lineWidth = 1.75;
  pen.stroke();
  trace(pen, outline.borders, view);
  pen.strokeStyle = palette.line;
  pen.lineWidth = 1.25;
  pen.stroke();
}

function trace(pen: CanvasRenderingContext2D, lines: readonly Spot[][], { scale, left, top }: View): void {
  pen.beginPath();
  for (let line of lines) {
    line.forEach(({ x, y }, at) => {
      if (at === 0) pen.moveTo(x * scale - left, y * scale - top);
      else pen.lineTo(x * scale - left, y * scale - top);
    });
  }
}

function paintMark(pen: CanvasRenderingContext2D, { entries }: Mark, at: Spot, radius: number, palette: Palette): void {
  let [only, ...others] = entries;
  if (only && others.length === 0) return paintKind(pen, only.kind, at, radius, palette);
  disc(pen, at, radius, palette.accent);
  disc(pen, at, radius - 2, palette.soft);
  pen.font = `700 ${Math.min(palette.text * 0.8824, radius * 1.1)}px ${palette.family}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillStyle = palette.ink;
  pen.fillText(String(entries.length), at.x, at.y + 1);
}

function paintKind(pen: CanvasRenderingContext2D, kind: PlaceKind, at: Spot, radius: number, palette: Palette): void {
  disc(pen, at, radius, palette.land);
  disc(pen, at, radius - 1.5, palette.kinds[kind]);
  let part = (radius * 1.3) / 24;
  pen.save();
  pen.translate(at.x - 12 * part, at.y - 12 * part);
  pen.scale(part, part);
  pen.lineWidth = 2;
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  pen.strokeStyle = palette.onKind;
  pen.stroke(new Path2D(KIND_PATHS[kind]));
  pen.restore();
}

function paintNear(pen: CanvasRenderingContext2D, at: Spot, palette: Palette): void {
  disc(pen, at, HALO * palette.unit, palette.ink);
  disc(pen, at, HALO * palette.unit - 2, palette.soft);
  disc(pen, at, HERE * palette.unit, palette.ink);
}

function paintSelected(pen: CanvasRenderingContext2D, kind: PlaceKind, at: Spot, palette: Palette): void {
  let radius = CHOSEN * palette.unit;
  disc(pen, at, radius, palette.ink);
  disc(pen, at, radius - 3, palette.land);
  paintKind(pen, kind, at, radius - 4, palette);
}

function disc(pen: CanvasRenderingContext2D, at: Spot, radius: number, colour: string): void {
  pen.beginPath();
  pen.arc(at.x, at.y, radius, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
}
