// Does what is shipped still fit its budget? Prints the figures; fails when it does not.
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const BUDGET = { '.js': 60_000, '.css': 15_000 };
const dist = new URL('../dist', import.meta.url).pathname;

let total = { '.js': 0, '.css': 0 };
for (let entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  let kind = extname(entry.name);
  if (!entry.isFile() || !(kind in total)) continue;
  total[kind] += gzipSync(readFileSync(join(entry.parentPath, entry.name)), { level: 9 }).length;
}

let fits = true;
for (let [kind, most] of Object.entries(BUDGET)) {
  let bytes = total[kind];
  let ok = bytes > 0 && bytes <= most;
  fits &&= ok;
  console.log(`${kind.slice(1)} gzip ${bytes} of ${most} bytes${ok ? '' : ': OVER BUDGET OR ABSENT'}`);
}
process.exit(fits ? 0 : 1);
