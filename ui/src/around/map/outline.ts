// The region's shape, read from its TopoJSON text.
import { merge, mesh } from 'topojson-client';
import type { GeometryCollection, MultiPolygon, Polygon, Topology } from 'topojson-specification';
import type { Point } from '../../host/commands.gen';
import { worldOf, type Spot } from './world';

/** The land of the region, the lines between its departments, and the box around it. */
export interface Outline {
  land: Spot[][];
  borders: Spot[][];
  southWest: Point;
  northEast: Point;
}

/** Where the map looks when the outline cannot be read: the marks alone still say where they are. */
const AROUND: Pick<Outline, 'southWest' | 'northEast'> = {
  southWest: { latitude: 44.1, longitude: 2.05 },
  northEast: { latitude: 46.85, longitude: 7.2 },
};

/** Reads the outline; what is no outline leaves the land out. */
export function readOutline(text: string): Outline {
  try {
    let topology = JSON.parse(text) as Topology<Record<string, GeometryCollection>>;
    let [departments] = Object.values(topology.objects);
    if (!departments) return { land: [], borders: [], ...AROUND };
    let land = merge(topology, departments.geometries.filter((it): it is Polygon | MultiPolygon => 'arcs' in it && /Polygon$/.test(it.type)));
    let borders = mesh(topology, departments, (one, other) => one !== other);
    let rings = land.coordinates.flat();
    return { land: rings.map(spots), borders: borders.coordinates.map(spots), ...boxOf(rings.flat()) };
  } catch {
    return { land: [], borders: [], ...AROUND };
  }
}

function spots(line: number[][]): Spot[] {
  return line.map(([longitude = 0, latitude = 0]) => worldOf({ latitude, longitude }));
}

function boxOf(points: number[][]): Pick<Outline, 'southWest' | 'northEast'> {
  let box = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
  for (let [longitude = 0, latitude = 0] of points) {
    box = {
      west: Math.min(box.west, longitude),
      south: Math.min(box.south, latitude),
      east: Math.max(box.east, longitude),
      north: Math.max(box.north, latitude),
    };
  }
  if (!Number.isFinite(box.west)) return AROUND;
  return { southWest: { latitude: box.south, longitude: box.west }, northEast: { latitude: box.north, longitude: box.east } };
}
