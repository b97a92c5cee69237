// What does an event cost its tablet: a thousand students in three days, and an evening on a bad line?
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figure } from './figure.mjs';

let dossiers = process.argv[2] ?? '1000';
let folder = mkdtempSync(join(tmpdir(), 'passregion-stand-'));
try {
  let args = ['--dossiers', dossiers, '--days', '3', '--seed', '1', '--data', join(folder, 'event')];
  let day = JSON.parse(execFileSync(process.env.BENCH_STAND, args, { encoding: 'utf8' }));
  let of = `${day.students} dossiers with photos of ${day.photo_kb} kB`;
  for (let [name, ours, unit, goal] of [
    ['disk of the tablet', day.disk_mb, 'MB', '<= 130'],
    ['cold start', day.cold_start_ms, 'ms', '<= 2000'],
    ['a page of the list, p95', day.list_p95_ms, 'ms', '<= 100'],
    ['memory of the tablet at its most', day.memory_mb, 'MB', '<= 200'],
    ['delivery over 1 Mbit/s, cut every 30 s', day.delivery_seconds / 60, 'min', '<= 20'],
    ['bytes sent twice', day.sent_twice_percent, '%', '<= 5'],
    ['dossiers that did not arrive', day.students - day.delivered, '', '0'],
    ['traces of students in the files of the tablet', day.residue_hits, '', '0'],
  ]) {
    figure({ name: `stand, ${of}: ${name}`, ours, unit, goal });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
