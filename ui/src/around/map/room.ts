// Room for words on the map: what is drawn first keeps its place, what would cover it stays away.
import type { Size } from './world';

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export class Room {
  #taken: Box[] = [];

  constructor(private readonly size: Size) {}

  take(box: Box): void {
    this.#taken.push(box);
  }

  /** Takes the first of these places that is free and whole in the window. */
  takeFirst(places: readonly Box[]): Box | undefined {
    let free = places.find((it) => this.#isWhole(it) && !this.#taken.some((other) => overlap(it, other)));
    if (free) this.take(free);
    return free;
  }

  #isWhole({ left, top, right, bottom }: Box): boolean {
    return left >= 0 && top >= 0 && right <= this.size.width && bottom <= this.size.height;
  }
}

function overlap(one: Box, other: Box): boolean {
  return one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;
}
