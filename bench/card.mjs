// What does a card cost: to sign, to show, to verify, and the list that says which are not good any more?
import { execFileSync } from 'node:child_process';
import { figure } from './figure.mjs';

/** One bit a card, as it stands. */
const RAW_BITMAP = 300_000 / 8;

let lines = execFileSync(process.env.BENCH_CARD, ['bench'], { encoding: 'utf8' }).trimEnd().split('\n').map((line) => JSON.parse(line));
let step = (name) => lines.find((it) => it.step === name);
let list = (name) => lines.find((it) => it.list === name);
for (let [name, goal] of [['sign', null], ['show', null], ['verify', '<= 250']]) {
  let { median_us, p95_us, rounds } = step(name);
  figure({ name: `card ${name}, median of ${rounds}`, ours: median_us, unit: 'µs', goal });
  figure({ name: `card ${name}, p95 of ${rounds}`, ours: p95_us, unit: 'µs', goal: null });
}
for (let name of ['all blocked', 'three kinds']) {
  let { bytes, cards, withdrawn, open_ms } = list(name);
  let of = `${withdrawn} of ${cards} cards, ${name}`;
  figure({ name: `status list, ${of}`, ours: bytes, unit: 'bytes', peer: 'the bitmap itself', peerValue: RAW_BITMAP, goal: '<= 14000' });
  figure({ name: `status list opened, ${of}`, ours: open_ms, unit: 'ms', goal: null });
}
