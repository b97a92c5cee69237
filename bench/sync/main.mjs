// The sync figures, one group after the other: all of them, or those that are named.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bomb } from './bomb.mjs';
import { drafts } from './drafts.mjs';
import { edits } from './edits.mjs';
import { fsync } from './fsync.mjs';
import { idle } from './idle.mjs';
import { interop } from './interop.mjs';
import { killed } from './killed.mjs';
import { photos } from './photos.mjs';
import { push } from './push.mjs';
import { reconcile } from './reconcile.mjs';
import { restore } from './restore.mjs';
import { clear, told, work } from './stage.mjs';
import { stored } from './stored.mjs';

const GROUPS = { fsync, push, stored, restore, idle, reconcile, edits, killed, photos, interop, bomb };

let named = process.argv.slice(2);
let unknown = named.filter((it) => !GROUPS[it]);
if (unknown.length) throw new Error(`no such figures: ${unknown}; there are ${Object.keys(GROUPS)}`);
// Our client reads the same drafts as the others make.
process.env.BENCH_DRAFTS = join(work, 'drafts.jsonl');
writeFileSync(process.env.BENCH_DRAFTS, drafts(5_000).map((it) => `${JSON.stringify(it)}\n`).join(''));
let failed = [];
try {
  for (let name of named.length ? named : Object.keys(GROUPS)) {
    told(name);
    // One group that fails, a peer's too, does not take the others with it.
    await GROUPS[name]().catch((error) => failed.push(`${name}: ${error.stderr ?? error.stack}`));
  }
} finally {
  clear();
}
for (let words of failed) told(words);
process.exitCode = failed.length ? 1 : 0;
