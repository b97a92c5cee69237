// Does what is shipped still fit its budget? Prints the figures; fails when it does not.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';

// The account's screens are loaded apart; the ways to them, their addresses and sentences are in the first chunk.
const BUDGET = { js: 60_500, css: 15_000 };
const dist = new URL('../dist', import.meta.url).pathname;
const read = (name) => readFileSync(join(dist, name), 'utf8');
const weigh = (names) => names.reduce((sum, name) => sum + gzipSync(readFileSync(join(dist, name)), { level: 9 }).length, 0);

/** A chunk and all that its static imports bring along: what a window reads before it shows anything. */
function withStaticImports(entry, found = new Set()) {
  if (found.has(entry)) return found;
  found.add(entry);
  for (let [, to] of read(entry).matchAll(/(?:\bfrom|\bimport)\s*["'](\.[^"']+\.js)["']/g)) withStaticImports(normalize(join(dirname(entry), to)), found);
  return found;
}

let files = readdirSync(dist, { recursive: true, encoding: 'utf8' });
let entries = [...read('index.html').matchAll(/<script[^>]+src="\.?\/?([^"]+)"/g)].map(([, src]) => normalize(src));
let first = [...new Set(entries.flatMap((entry) => [...withStaticImports(entry)]))];
let later = files.filter((name) => name.endsWith('.js') && !first.includes(name));
let weights = { js: weigh(first), css: weigh(files.filter((name) => name.endsWith('.css'))) };

let fits = true;
for (let [kind, most] of Object.entries(BUDGET)) {
  let bytes = weights[kind];
  let ok = bytes > 0 && bytes <= most;
  fits &&= ok;
  console.log(`${kind} gzip ${bytes} of ${most} bytes${ok ? '' : ': OVER BUDGET OR ABSENT'}`);
}
for (let name of later) console.log(`loaded apart: ${name} gzip ${weigh([name])} bytes`);
process.exit(fits ? 0 : 1);
