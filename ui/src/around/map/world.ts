// Where a point of the earth lies on the screen (Mercator, as Leaflet reckons it).
import type { Point } from '../../host/commands.gen';

/** A place on the flat world: both from 0 to 1, whatever the zoom. */
export interface Spot {
  x: number;
  y: number;
}

/** What the window sees: a spot, times the scale, minus the corner, is a pixel. */
export interface View {
  zoom: number;
  scale: number;
  left: number;
  top: number;
}

export interface Size {
  width: number;
  height: number;
}

/** Pixels of the whole world at zoom 0. */
const TILE = 256;

export function worldOf({ latitude, longitude }: Point): Spot {
  let sine = Math.sin((latitude * Math.PI) / 180);
  return { x: longitude / 360 + 0.5, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) };
}

export function viewAt(centre: Spot, zoom: number, { width, height }: Size): View {
  let scale = TILE * 2 ** zoom;
  return { zoom, scale, left: centre.x * scale - width / 2, top: centre.y * scale - height / 2 };
}

export function pixelOf({ x, y }: Spot, { scale, left, top }: View): Spot {
  return { x: x * scale - left, y: y * scale - top };
}
