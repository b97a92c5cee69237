// What the map reckons before it draws: the shape, the groups, the room for words.
import { expect, test } from 'vitest';
import type { PlaceView } from '../../host/commands.gen';
import type { Entry } from '../entries';
import { groupsOf, isOneAddress } from './groups';
import { readOutline } from './outline';
import { Room } from './room';
import { pixelOf, viewAt, worldOf } from './world';

function entry(id: string, latitude: number, longitude: number): Entry {
  let kind = 'CINEMA' as const;
  let place: PlaceView = { id, kind, name: id, address: '', town: '', latitude, longitude, distance_km: null, source: '' };
  return { id, kind, title: id, place, deal: null };
}

/** Two square departments side by side, 4° to 5° to 6° east. */
const TOPOLOGY = JSON.stringify({
  type: 'Topology',
  arcs: [[[5, 45], [5, 46]], [[5, 46], [4, 46], [4, 45], [5, 45]], [[5, 45], [6, 45], [6, 46], [5, 46]]],
  objects: { d: { type: 'GeometryCollection', geometries: [{ type: 'Polygon', arcs: [[0, 1]] }, { type: 'Polygon', arcs: [[2, -1]] }] } },
});

test('the outline is the land without the lines inside, the lines inside, and the box around', () => {
  let outline = readOutline(TOPOLOGY);
  expect(outline.land).toHaveLength(1);
  expect(outline.borders).toEqual([[worldOf({ latitude: 45, longitude: 5 }), worldOf({ latitude: 46, longitude: 5 })]]);
  expect(outline.southWest).toEqual({ latitude: 45, longitude: 4 });
  expect(outline.northEast).toEqual({ latitude: 46, longitude: 6 });
});

test('what is no outline leaves the land out and still looks at the region', () => {
  for (let text of ['', '{}', '{"objects":{}}']) {
    let outline = readOutline(text);
    expect(outline.land).toEqual([]);
    expect(outline.southWest.longitude).toBeLessThan(outline.northEast.longitude);
  }
});

test('a spot in the middle of the view is in the middle of the window', () => {
  let lyon = worldOf({ latitude: 45.76, longitude: 4.84 });
  expect(pixelOf(lyon, viewAt(lyon, 10, { width: 300, height: 200 }))).toEqual({ x: 150, y: 100 });
});

test('places too close for a thumb share a mark, and part as the map comes nearer', () => {
  let two = [entry('a', 45.76, 4.84), entry('b', 45.77, 4.85)];
  expect(groupsOf(two, 7).map((it) => it.entries.length)).toEqual([2]);
  expect(groupsOf(two, 15).map((it) => it.entries.length)).toEqual([1, 1]);
  expect(isOneAddress(two)).toBe(false);
});

test('no two marks touch, at any zoom, and none is lost', () => {
  let many = Array.from({ length: 300 }, (_, at) => entry(`${at}`, 45 + ((at * 37) % 100) / 100, 4 + ((at * 61) % 100) / 100));
  for (let zoom of [7, 8.5, 10, 13]) {
    let view = viewAt({ x: 0, y: 0 }, zoom, { width: 0, height: 0 });
    let marks = groupsOf(many, zoom).map((it) => ({ ...it, at: pixelOf(it.spot, view) }));
    expect(marks.flatMap((it) => it.entries)).toHaveLength(300);
    for (let one of marks) {
      for (let other of marks) {
        if (one !== other) expect(Math.hypot(one.at.x - other.at.x, one.at.y - other.at.y)).toBeGreaterThan(one.radius + other.radius);
      }
    }
  }
});

test('places at one address share their mark at every zoom', () => {
  expect(isOneAddress([entry('a', 45.76, 4.84), entry('b', 45.76, 4.84)])).toBe(true);
});

test('a word keeps away from what stands there and from the edges', () => {
  let room = new Room({ width: 100, height: 100 });
  let left = { left: 10, top: 10, right: 40, bottom: 20 };
  let right = { left: 50, top: 10, right: 80, bottom: 20 };
  expect(room.takeFirst([left, right])).toBe(left);
  expect(room.takeFirst([left, right])).toBe(right);
  expect(room.takeFirst([left, right])).toBeUndefined();
  expect(room.takeFirst([{ left: 90, top: 50, right: 120, bottom: 60 }])).toBeUndefined();
});
