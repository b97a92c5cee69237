// Does the picture follow the finger, and stay under the whole frame?
import { expect, test } from 'vitest';
import type { Framing } from '../host/commands.gen';
import { ASPECT, inside, middle, pan, pinch, turn, zoom, type Spot } from './framing';

const PICTURE = { width: 3000, height: 4000 };
const START: Framing = { x: 0.5, y: 0.45, height: 0.5, turn: 0 };

/** Where a spot of the frame lies on the picture, in pixels. */
function under({ x, y, height, turn }: Framing, spot: Spot): Spot {
  let high = height * PICTURE.height;
  let angle = (turn * Math.PI) / 180;
  let [dx, dy] = [spot.x * high * ASPECT, spot.y * high];
  return {
    x: x * PICTURE.width + dx * Math.cos(angle) - dy * Math.sin(angle),
    y: y * PICTURE.height + dx * Math.sin(angle) + dy * Math.cos(angle),
  };
}

function same(one: Spot, other: Spot) {
  expect(one.x).toBeCloseTo(other.x, 6);
  expect(one.y).toBeCloseTo(other.y, 6);
}

test('the window of the camera is the largest 7:9 in the middle', () => {
  expect(middle({ width: 1280, height: 720 })).toEqual({ x: 360, y: 0, width: 560, height: 720 });
  let tall = middle({ width: 720, height: 1280 });
  expect(tall.width).toBe(720);
  expect(tall.width / tall.height).toBeCloseTo(7 / 9);
  expect(tall.y).toBeCloseTo((1280 - 720 / ASPECT) / 2);
});

test('what a finger drags stays under it, in a turned frame too', () => {
  for (let angle of [0, 12, -30]) {
    let before = { ...START, turn: angle };
    same(under(pan(before, 0.2, -0.1, PICTURE), { x: 0.3, y: 0.05 }), under(before, { x: 0.1, y: 0.15 }));
  }
});

test('a face grows around the spot that is pointed at', () => {
  let spot = { x: 0.25, y: -0.3 };
  let before = { ...START, turn: 8 };
  let after = zoom(before, 1.5, PICTURE, spot);
  expect(after.height).toBeCloseTo(0.5 / 1.5);
  same(under(after, spot), under(before, spot));
});

test('turning the picture clockwise turns the frame the other way', () => {
  expect(turn(START, 5).turn).toBe(-5);
});

test('two fingers keep what lies under them', () => {
  let before = [{ x: -0.2, y: -0.1 }, { x: 0.2, y: 0.1 }] as const;
  let after = [{ x: -0.25, y: -0.2 }, { x: 0.3, y: 0.25 }] as const;
  let framing = pinch({ ...START, turn: 3 }, before, after, PICTURE);
  for (let finger of [0, 1] as const) same(under(framing, after[finger]), under({ ...START, turn: 3 }, before[finger]));
});

test('two fingers that cross the left side turn by a little, not by a whole round', () => {
  let before = [{ x: 0.2, y: 0.01 }, { x: -0.2, y: 0 }] as const;
  let after = [{ x: 0.2, y: -0.01 }, { x: -0.2, y: 0 }] as const;
  expect(Math.abs(pinch(START, before, after, PICTURE).turn)).toBeLessThan(10);
});

test('a frame never leaves the picture', () => {
  for (let asked of [
    { x: -3, y: 0.5, height: 0.6, turn: 0 },
    { x: 0.9, y: 0.95, height: 0.7, turn: 20 },
    { x: 0.5, y: 0.5, height: 9, turn: -44 },
    { x: 0.2, y: 0.2, height: 0.0001, turn: 400 },
  ]) {
    let framing = inside(asked, PICTURE);
    for (let x of [-0.5, 0.5]) {
      for (let y of [-0.5, 0.5]) {
        let corner = under(framing, { x, y });
        expect(corner.x).toBeGreaterThanOrEqual(-1e-6);
        expect(corner.x).toBeLessThanOrEqual(PICTURE.width + 1e-6);
        expect(corner.y).toBeGreaterThanOrEqual(-1e-6);
        expect(corner.y).toBeLessThanOrEqual(PICTURE.height + 1e-6);
      }
    }
  }
});

test('a frame that lies inside already is left alone', () => {
  expect(inside(START, PICTURE)).toEqual(START);
});
