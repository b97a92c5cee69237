// Contour lines of an invented landscape: volcanoes to the west, Alps to the east.

const COLUMNS = 56;
const ROWS = 36;
const LEVELS = 9;

interface Hill {
  x: number;
  y: number;
  height: number;
  width: number;
  depth: number;
  crater: boolean;
}

/** The lines drawn so far: a card is shown on many screens, and drawing takes milliseconds. */
const DRAWN = new Map<string, string>();

/** Draws the same landscape for the same seed, as the data of one SVG path on a 56 × 36 plane. */
export function relief(seed: string): string {
  let path = DRAWN.get(seed) ?? draw(seed);
  DRAWN.set(seed, path);
  return path;
}

/** Forgets which landscapes were drawn: on a shared tablet they say whose turn it was. */
export function forgetReliefs(): void {
  DRAWN.clear();
}

function draw(seed: string): string {
  let hills = landscape(dice(seed));
  let heights = Array.from({ length: (COLUMNS + 1) * (ROWS + 1) }, (_, at) =>
    heightAt(hills, at % (COLUMNS + 1), Math.floor(at / (COLUMNS + 1))),
  );
  let top = Math.max(...heights);
  return Array.from({ length: LEVELS }, (_, level) => contour(heights, (top * (level + 0.6)) / LEVELS)).join('');
}

/** A small seeded generator (xmur3 feeding mulberry32): the lines need variety, not secrecy. */
function dice(seed: string): () => number {
  let state = 1779033703 ^ seed.length;
  for (let letter of seed) {
    state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 3432918353);
    state = (state << 13) | (state >>> 19);
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function landscape(next: () => number): Hill[] {
  let volcanoes = Array.from({ length: 3 }, (_, at) => {
    let size = 3.5 + next() * 2.5;
    return { x: 4 + next() * 15, y: 4 + at * 12 + next() * 7, height: 0.55 + next() * 0.3, width: size, depth: size, crater: true };
  });
  let alps = Array.from({ length: 9 }, () => ({
    x: 28 + next() * 28,
    y: next() * ROWS,
    height: 0.45 + next() * 0.75,
    width: 3 + next() * 5,
    depth: 4 + next() * 8,
    crater: false,
  }));
  return [...volcanoes, ...alps];
}

function heightAt(hills: Hill[], x: number, y: number): number {
  return hills.reduce((sum, hill) => {
    let far = ((x - hill.x) / hill.width) ** 2 + ((y - hill.y) / hill.depth) ** 2;
    let dip = hill.crater ? 0.6 * Math.exp(-far * 6) : 0;
    return sum + hill.height * (Math.exp(-far) - dip);
  }, 0.12 + (x / COLUMNS) * 0.25);
}

/** Marching squares, with each crossing placed between its two corners. */
function contour(heights: number[], level: number): string {
  let segments = new Map<string, string[]>();
  let link = (a: string, b: string) => {
    segments.set(a, [...(segments.get(a) ?? []), b]);
    segments.set(b, [...(segments.get(b) ?? []), a]);
  };
  for (let y = 0; y < ROWS; y++) {
    for (let x = 0; x < COLUMNS; x++) {
      let crossings = crossingsOf(heights, level, x, y);
      for (let at = 0; at + 1 < crossings.length; at += 2) link(crossings[at] ?? '', crossings[at + 1] ?? '');
    }
  }
  return lines(segments);
}

function crossingsOf(heights: number[], level: number, x: number, y: number): string[] {
  let corners = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]] as const;
  let found: string[] = [];
  corners.forEach(([ax, ay], at) => {
    let [bx, by] = corners[(at + 1) % 4] ?? [ax, ay];
    let a = heights[ay * (COLUMNS + 1) + ax] ?? 0;
    let b = heights[by * (COLUMNS + 1) + bx] ?? 0;
    if (a < level === b < level) return;
    let part = (level - a) / (b - a);
    found.push(`${(ax + (bx - ax) * part).toFixed(1)} ${(ay + (by - ay) * part).toFixed(1)}`);
  });
  return found;
}

/** Joins segments that share an end into long lines, so that the path stays small. */
function lines(segments: Map<string, string[]>): string {
  let path = '';
  let ends = [...segments.keys()].filter((point) => segments.get(point)?.length === 1);
  for (let start of [...ends, ...segments.keys()]) {
    let here: string | undefined = start;
    let line: string[] = [];
    while (here !== undefined) {
      let next: string | undefined = segments.get(here)?.pop();
      if (line.length > 0 || next !== undefined) line.push(here);
      if (next !== undefined) {
        let back = segments.get(next) ?? [];
        let at = back.indexOf(here);
        if (at >= 0) back.splice(at, 1);
      }
      here = next;
    }
    if (line.length > 2) path += `M${line.join('L')}`;
  }
  return path;
}
