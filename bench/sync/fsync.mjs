// How long does this disk take to make a kilobyte safe? Durable figures are told in this unit.
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { figure } from '../figure.mjs';
import { share, since } from './clients/task.mjs';
import { work } from './stage.mjs';

const TIMES = 400;

/** Milliseconds of append and fdatasync, now. */
export function calibrate() {
  let file = openSync(join(work, 'calibration'), 'a');
  let took = [];
  for (let at = 0; at < TIMES; at++) {
    let begun = performance.now();
    writeSync(file, Buffer.alloc(1024, at));
    fdatasyncSync(file);
    took.push(since(begun));
  }
  closeSync(file);
  return { p50: share(took, 0.5), p99: share(took, 0.99) };
}

/** Prints what the disk does, as the unit of what follows. */
export async function fsync() {
  let { p50, p99 } = calibrate();
  figure({ name: 'append and fdatasync, p50', ours: p50, unit: 'ms', goal: 'the unit' });
  figure({ name: 'append and fdatasync, p99', ours: p99, unit: 'ms', goal: 'the unit' });
}
