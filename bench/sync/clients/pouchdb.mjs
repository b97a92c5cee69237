// PouchDB on the phone's side, as an app uses it: a database of its own that is replicated.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import PouchDB from 'pouchdb';
import { drafts } from '../drafts.mjs';
import { perform, share, since } from './task.mjs';

const BATCH = { batch_size: 1000 };

let remote = (address) => `${address}/drafts`;
let named = (at) => `draft-${String(at).padStart(7, '0')}`;
let documents = (count) => drafts(count).map((draft, at) => ({ _id: named(at), ...draft }));

async function edit(database, from, to, change) {
  for (let at = from; at < to; at++) await database.put({ ...(await database.get(named(at))), ...change });
}

await perform({
  async push({ address, folder, count }) {
    let local = new PouchDB(join(folder, 'local'));
    await local.bulkDocs(documents(count));
    let begun = performance.now();
    let { docs_written } = await local.replicate.to(remote(address), BATCH);
    let wall = since(begun) / 1000;
    if (docs_written !== count) throw new Error(`${docs_written} of ${count} drafts written`);
    return { wall };
  },

  async prepare({ address, folder, count }) {
    mkdirSync(folder, { recursive: true });
    let local = new PouchDB(join(folder, 'local'));
    await local.bulkDocs(documents(count));
    await local.sync(remote(address), BATCH);
    await local.close();
  },

  async elsewhere({ address, folder, count, edits }) {
    let other = new PouchDB(join(folder, 'other'));
    await other.replicate.from(remote(address), BATCH);
    await edit(other, count - edits, count, { commune: 'Ailleurs' });
    await other.replicate.to(remote(address), BATCH);
    await other.close();
  },

  async reconcile({ address, folder, edits, elsewhere }) {
    let local = new PouchDB(join(folder, 'local'));
    await edit(local, 0, edits, { address_line: '1 rue Neuve' });
    let begun = performance.now();
    let { push, pull } = await local.sync(remote(address), BATCH);
    let wall = since(begun) / 1000;
    if (push.docs_written !== edits || pull.docs_written !== elsewhere) throw new Error('not both sides alike');
    return { wall };
  },

  async edit({ folder, times }) {
    let local = new PouchDB(join(folder, 'local'));
    let [draft] = documents(1);
    let { rev } = await local.put(draft);
    let took = [];
    for (let at = 0; at < times; at++) {
      let begun = performance.now();
      ({ rev } = await local.put({ ...draft, _rev: rev, address_line: `${at} rue Neuve` }));
      took.push(since(begun));
    }
    return { p50: share(took, 0.5), p99: share(took, 0.99) };
  },

  /** One draft; the server is killed `ms` after it acknowledged it. */
  async kill({ address, folder, pid, ms }) {
    let local = new PouchDB(join(folder, 'local'));
    let [draft] = documents(1);
    await local.put(draft);
    await local.replicate.to(remote(address));
    await new Promise((done) => setTimeout(done, ms));
    process.kill(pid, 'SIGKILL');
    return { key: draft._id };
  },

  async look({ address, key }) {
    let found = await new PouchDB(remote(address)).get(key).catch(() => null);
    return { found: found ? 1 : 0 };
  },
});
