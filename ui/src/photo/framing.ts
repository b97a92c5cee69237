// Where a frame of 7 by 9 lies on a picture: moving, growing and turning it.
import type { Framing } from '../host/commands.gen';

/** Wide to high, as on the card. */
export const ASPECT = 7 / 9;

export interface Size {
  width: number;
  height: number;
}

export interface Spot {
  x: number;
  y: number;
}

/** Less of a picture than this is no portrait. */
const LEAST_HEIGHT = 0.1;
const MOST_TURN = 45;

/** The largest upright 7:9 in the middle: what the camera's window shows of its video. */
export function middle({ width, height }: Size): Size & Spot {
  let wide = Math.min(width, height * ASPECT);
  return { x: (width - wide) / 2, y: (height - wide / ASPECT) / 2, width: wide, height: wide / ASPECT };
}

/** How far a frame of this height and turn reaches from its middle, in the unit of the height. */
function reach(height: number, turn: number): Spot {
  let [sin, cos] = [Math.abs(Math.sin(radians(turn))), Math.abs(Math.cos(radians(turn)))];
  let [halfWide, halfHigh] = [(height * ASPECT) / 2, height / 2];
  return { x: halfWide * cos + halfHigh * sin, y: halfWide * sin + halfHigh * cos };
}

/** The nearest frame that lies inside the picture. The engine has the last word on it. */
export function inside({ x, y, height, turn }: Framing, { width: pictureWide, height: pictureHigh }: Size): Framing {
  let held = between(turn, -MOST_TURN, MOST_TURN);
  let whole = reach(pictureHigh, held);
  let most = Math.min(1, pictureWide / (2 * whole.x), pictureHigh / (2 * whole.y));
  let size = between(height, Math.min(LEAST_HEIGHT, most), most);
  let far = reach(size * pictureHigh, held);
  let [farAcross, farDown] = [far.x / pictureWide, far.y / pictureHigh];
  return { x: between(x, farAcross, 1 - farAcross), y: between(y, farDown, 1 - farDown), height: size, turn: held };
}

/** Moves the picture under the frame: a drag, in shares of the frame's own width and height. */
export function pan(framing: Framing, across: number, down: number, picture: Size): Framing {
  let high = framing.height * picture.height;
  let moved = turned({ x: across * high * ASPECT, y: down * high }, framing.turn);
  return { ...framing, x: framing.x - moved.x / picture.width, y: framing.y - moved.y / picture.height };
}

/** Makes the face larger by a factor, around a spot of the frame: shares from its middle. */
export function zoom(framing: Framing, factor: number, picture: Size, at: Spot = { x: 0, y: 0 }): Framing {
  let height = framing.height / factor;
  // What lies under the spot stays under it.
  let lost = 1 - factor;
  return pan({ ...framing, height }, at.x * lost, at.y * lost, picture);
}

/** Turns the picture under the frame, clockwise. */
export function turn(framing: Framing, degrees: number): Framing {
  return { ...framing, turn: framing.turn - degrees };
}

/** Two fingers, before and after: shares of the frame from its middle. */
export function pinch(framing: Framing, before: readonly [Spot, Spot], after: readonly [Spot, Spot], picture: Size): Framing {
  let [from, to] = [apart(before), apart(after)];
  let factor = Math.hypot(to.x, to.y) / (Math.hypot(from.x, from.y) || 1);
  let degrees = ((Math.atan2(to.y, to.x) - Math.atan2(from.y, from.x)) * 180) / Math.PI;
  let start = halfway(before);
  let end = halfway(after);
  let moved = pan(framing, end.x - start.x, end.y - start.y, picture);
  let grown = zoom(moved, factor, picture, end);
  return turnAround(grown, degrees > 180 ? degrees - 360 : degrees < -180 ? degrees + 360 : degrees, end, picture);
}

/** Turns the picture around a spot of the frame. */
function turnAround(framing: Framing, degrees: number, at: Spot, picture: Size): Framing {
  // The spot is brought to the middle, the picture turned there, and the spot brought back.
  let there = pan(framing, -at.x, -at.y, picture);
  return pan(turn(there, degrees), at.x, at.y, picture);
}

function apart([one, other]: readonly [Spot, Spot]): Spot {
  return { x: (other.x - one.x) * ASPECT, y: other.y - one.y };
}

function halfway([one, other]: readonly [Spot, Spot]): Spot {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}

function turned({ x, y }: Spot, degrees: number): Spot {
  let [sin, cos] = [Math.sin(radians(degrees)), Math.cos(radians(degrees))];
  return { x: x * cos - y * sin, y: x * sin + y * cos };
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

function between(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
