// How long does a portrait take, from the file to a judged 840×1080 JPEG? Ours with every check,
// beside sharp, Pillow and Pillow-SIMD without any, and MediaPipe for the points of the face.
// CPU time of one thread, medians, the peers in turns on the same picture.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { figure, median } from './figure.mjs';

const ROUNDS = 5;
const TURNS = 3;
const { BENCH_STAGES: stages, BENCH_PYTHON: python, BENCH_TASK: task, BENCH_FACE: face } = process.env;
const [given, folder] = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), 'passregion-photo-'));

function answer(command, ...args) {
  let lines = execFileSync(command, args.map(String), { encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'ignore'] });
  return lines.trim().split('\n').map((line) => JSON.parse(line));
}

/** A 12-megapixel picture with this face, as a phone writes it. */
async function twelveMegapixels() {
  let file = join(work, 'twelve.jpg');
  await sharp(face).resize(3024, 4032, { fit: 'cover' }).jpeg({ quality: 92 }).toFile(file);
  return file;
}

async function timed(times, stage, run) {
  let before = process.cpuUsage();
  let made = await run();
  let { user, system } = process.cpuUsage(before);
  (times[stage] ??= []).push((user + system) / 1000);
  return made;
}

async function withSharp(picture, box) {
  sharp.concurrency(1);
  sharp.cache(false);
  let times = {};
  let file = readFileSync(picture);
  let cut = () => sharp(file).rotate().extract(box).resize(840, 1080);
  for (let round = 0; round < ROUNDS; round++) {
    await timed(times, 'whole', async () => {
      await sharp(file).resize(756, 1008, { fit: 'inside' }).raw().toBuffer();
      return cut().jpeg({ quality: 88, optimiseCoding: true }).toBuffer();
    });
    let raw = await cut().removeAlpha().raw().toBuffer();
    await timed(times, 'encode', () => sharp(raw, { raw: { width: 840, height: 1080, channels: 3 } }).jpeg({ quality: 88, optimiseCoding: true }).toBuffer());
  }
  return times;
}

/** How far the points of two answers lie apart, in shares of the distance between the eyes. */
function apart(ours, theirs) {
  let middle = (points, ...which) => [0, 1].map((axis) => which.reduce((sum, at) => sum + points[at][axis], 0) / which.length);
  let distance = ([ax, ay], [bx, by]) => Math.hypot(ax - bx, ay - by);
  let between = distance(middle(theirs, 33, 133), middle(theirs, 362, 263));
  return ours.map((point, at) => (distance(point, theirs[at]) / between) * 100);
}

function agreement(files) {
  let theirs = new Map(answer(python, join(import.meta.dirname, 'photo/mediapipe.py'), task, '--points', ...files).map((it) => [it.file, it.points]));
  let all = answer(stages, '--points', ...files).flatMap(({ file, points }) => {
    let other = theirs.get(file);
    return points.length && other.length ? apart(points, other) : [];
  });
  let sorted = all.toSorted((a, b) => a - b);
  let at = (share) => sorted[Math.floor(sorted.length * share)];
  let peer = 'mediapipe 0.10.14';
  figure({ name: `points of ${files.length} pictures, apart (median)`, ours: at(0.5), unit: '% of the eyes’ distance', peer, goal: '≤ 0.6' });
  figure({ name: 'points, apart (95 of 100)', ours: at(0.95), unit: '% of the eyes’ distance', peer, goal: '≤ 1.5' });
}

async function main() {
  let picture = given ?? (await twelveMegapixels());
  let { width, height } = await sharp(picture).metadata();
  // The largest frame of a portrait: every peer cuts the same.
  let step = Math.floor(Math.min(width / 7, height / 9) * 0.85);
  let box = { left: Math.round((width - 7 * step) / 2), top: Math.round((height - 9 * step) / 2), width: 7 * step, height: 9 * step };
  let times = { ours: {}, sharp: {}, pillow: {}, simd: {}, mediapipe: {} };
  let keep = (who, found) => {
    for (let [stage, value] of Object.entries(found)) (times[who][stage] ??= []).push(...[value].flat());
  };
  let slow = [];
  for (let turn = 0; turn < TURNS; turn++) {
    let [own] = answer(stages, picture, ROUNDS * 2);
    keep('ours', Object.fromEntries(Object.entries(own.stages).map(([stage, it]) => [stage, it.median])));
    slow.push(own.stages.look.p95);
    keep('sharp', await withSharp(picture, box));
    for (let who of ['pillow', 'simd']) {
      let other = join(import.meta.dirname, 'photo/pillow.py');
      keep(who, answer(process.env[`BENCH_${who.toUpperCase()}`], other, picture, ROUNDS, box.left, box.top, box.width, box.height)[0].stages);
    }
    keep('mediapipe', answer(python, join(import.meta.dirname, 'photo/mediapipe.py'), task, picture, ROUNDS * 4)[0].stages);
  }
  let of = (who, stage) => median(times[who][stage]);
  let unit = 'ms of CPU';
  let against = (name, stage, who, peer, goal) => figure({ name, ours: of('ours', stage), unit, peer, peerValue: of(who, stage), goal });
  against('whole path, every check', 'whole', 'sharp', `sharp ${sharp.versions.sharp}: decode, cut, encode, second small decode`, '≤ 1.0 ×');
  against('whole path, every check', 'whole', 'pillow', 'Pillow 13.0.0 without checks', '≤ 0.7 ×');
  against('whole path, every check', 'whole', 'simd', 'Pillow-SIMD 12.1.1 without checks', 'reported');
  against('encode 840×1080', 'encode', 'sharp', `sharp ${sharp.versions.sharp}`, '≤ 1.1 ×');
  against('check of a preview frame', 'look', 'mediapipe', 'MediaPipe 0.10.14, points and shapes only', '≤ 2 ×');
  figure({ name: 'check of a preview frame (95 of 100)', ours: median(slow), unit, goal: '≤ 30' });
  for (let stage of ['load', 'open', 'judge', 'render', 'verify']) figure({ name: stage, ours: of('ours', stage), unit, goal: stage === 'judge' ? '≤ 1' : 'reported' });
  let portraits = folder ? readdirSync(folder).filter((it) => it.endsWith('.jpg')).map((it) => join(folder, it)) : [face];
  agreement(portraits);
}

try {
  await main();
} finally {
  rmSync(work, { recursive: true });
}
