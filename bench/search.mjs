// How often, and how fast, is the school found that somebody looks for? Ours and MiniSearch, on the
// same queries made from the list: names and towns as one types them, with one slip here and there.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import MiniSearch from 'minisearch';
import { figure } from './figure.mjs';

/** What a phone shows at once. */
const SHOWN = 8;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** The Region's schools have these names, whatever the list calls its columns. */
const COLUMNS = { uai: ['uai', 'numero_uai'], name: ['name', 'nom'], town: ['town', 'commune'] };

function fold(text) {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('œ', 'oe').replaceAll(/[^a-z0-9]+/g, ' ').trim();
}

function read(list) {
  let [header, ...rows] = readFileSync(list, 'utf8').replace(/^\uFEFF/, '').split(/\r?\n/).filter((it) => it && !it.startsWith('#'));
  let names = header.split(';').map(fold);
  let at = Object.fromEntries(Object.entries(COLUMNS).map(([key, known]) => [key, names.findIndex((it) => known.map(fold).includes(it))]));
  return rows.map((row) => row.split(';')).map((cells) => ({ uai: cells[at.uai], name: cells[at.name], town: cells[at.town] }));
}

/** The same numbers at each run, so that two runs can be compared. */
function dice(seed) {
  return (sides) => {
    seed = (seed * 1664525 + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * sides);
  };
}

/** The word by which people name a school: the rarest of the list, long enough to be mistyped. */
function tellingWords(schools) {
  let shares = new Map();
  for (let word of schools.flatMap((it) => [...new Set(fold(it.name).split(' '))])) shares.set(word, (shares.get(word) ?? 0) + 1);
  let weight = (word) => (word.length < 4 ? Infinity : shares.get(word));
  return ({ name }) => fold(name).split(' ').reduce((best, it) => (weight(it) < weight(best) ? it : best));
}

/** One letter lost, doubled, swapped or wrong. */
function slip(word, roll) {
  let at = 1 + roll(Math.max(1, word.length - 1));
  let [head, tail] = [word.slice(0, at), word.slice(at)];
  return [head + tail.slice(1), head + head.at(-1) + tail, head + (tail[1] ?? '') + (tail[0] ?? '') + tail.slice(2), head + LETTERS[roll(26)] + tail.slice(1)][roll(4)];
}

function queriesOf(schools) {
  let roll = dice(2026);
  let telling = tellingWords(schools);
  return schools.flatMap((school) => {
    let { uai, name, town } = school;
    let word = telling(school);
    return [
      { wanted: uai, text: uai },
      { wanted: uai, text: `${name} ${town}` },
      { wanted: uai, text: fold(name).split(' ').map((it) => (it === word ? slip(it, roll) : it)).join(' ') },
      { wanted: uai, text: `${slip(word, roll)} ${town}` },
      { wanted: uai, text: `${word.slice(0, 5)} ${fold(town).slice(0, 5)}` },
    ];
  });
}

function oursOn(list, queries) {
  let file = join(tmpdir(), `passregion-queries-${process.pid}.txt`);
  writeFileSync(file, queries.map((it) => it.text).join('\n'));
  let lines = execFileSync(process.env.BENCH_SEARCH, [list, file], { encoding: 'utf8', maxBuffer: 2 ** 28 }).trimEnd().split('\n');
  return lines.map((line) => line.split('\t')).map(([, codes, spent]) => ({ found: codes.split(' '), us: Number(spent) }));
}

function miniSearchOn(schools, queries) {
  let index = new MiniSearch({ idField: 'uai', fields: ['uai', 'name', 'town'], processTerm: (term) => fold(term) || null });
  index.addAll([...new Map(schools.map((it) => [it.uai, it])).values()]);
  return queries.map(({ text }) => {
    let begun = performance.now();
    let found = index.search(fold(text), { fuzzy: 0.2, prefix: true }).slice(0, SHOWN).map((it) => it.id);
    return { found, us: (performance.now() - begun) * 1000 };
  });
}

function judge(queries, answers) {
  let found = queries.filter((it, at) => answers[at].found.includes(it.wanted)).length;
  let spent = answers.reduce((sum, it) => sum + it.us, 0);
  return { recall: (100 * found) / queries.length, mean: spent / queries.length };
}

let list = process.argv[2];
let schools = read(list);
let queries = queriesOf(schools);
let ours = judge(queries, oursOn(list, queries));
let theirs = judge(queries, miniSearchOn(schools, queries));
let peer = 'MiniSearch 7.2.0, fuzzy 0.2, prefix';
let of = `${queries.length} queries on ${schools.length} schools`;
figure({ name: `search recall@8, ${of}`, ours: ours.recall, unit: '%', peer, peerValue: theirs.recall, goal: '>= 99' });
figure({ name: `search mean, ${of}`, ours: ours.mean, unit: 'µs', peer, peerValue: theirs.mean, goal: '<= 1000' });
