// A picture drawn here, so that no real face stands in the repository.
import { crc32, deflateSync } from 'node:zlib';

type Colour = readonly [number, number, number];

function within(x: number, y: number, cx: number, cy: number, rx: number, ry: number): boolean {
  return ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1;
}

/** A head and shoulders before a wall. */
function portrait(x: number, y: number): Colour {
  let shade = 10 * (x + y);
  if (within(x, y, 0.42, 0.42, 0.035, 0.016) || within(x, y, 0.58, 0.42, 0.035, 0.016)) return [45, 40, 48];
  if (within(x, y, 0.5, 0.57, 0.07, 0.014)) return [170, 84, 84];
  if (within(x, y, 0.5, 0.45, 0.2, 0.26)) return [214, 168, 140];
  if (within(x, y, 0.5, 0.38, 0.24, 0.29)) return [70, 48, 40];
  if (within(x, y, 0.5, 1.05, 0.46, 0.32)) return [28, 92, 110];
  return [205 - shade, 216 - shade, 222 - shade];
}

function chunk(kind: string, data: Buffer): Buffer {
  let named = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  let framed = Buffer.alloc(8 + named.length);
  framed.writeUInt32BE(data.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), 4 + named.length);
  return framed;
}

/** Such a picture as a PNG file. */
export function png(width = 900, height = 1200): Buffer {
  let rows = Buffer.alloc(height * (1 + 3 * width));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      rows.set(portrait(x / width, y / height).map(Math.round), y * (1 + 3 * width) + 1 + 3 * x);
    }
  }
  let header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  let signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}
