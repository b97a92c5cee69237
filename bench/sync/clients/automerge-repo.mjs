// The stock automerge-repo client, as an app uses it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSyncMessage, getHeads, init, loadIncremental } from '@automerge/automerge';
import { Repo } from '@automerge/automerge-repo';
import { WebSocketClientAdapter } from '@automerge/automerge-repo-network-websocket';
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs';
import { drafts } from '../drafts.mjs';
import { perform, share, since, until } from './task.mjs';

const NEW_TOWN = 'Ailleurs';

/** A repository that speaks to this server, and what the server last said of each document. */
async function open({ socket, port, folder }) {
  let storage = folder && new NodeFSStorageAdapter(folder);
  let repo = new Repo({ network: [], storage, peerId: `client-${process.pid}` });
  let heads = new Map();
  repo.networkSubsystem.on('message', ({ type, documentId, data }) => {
    if (type === 'sync') heads.set(documentId, decodeSyncMessage(data).heads.join());
  });
  let connect = async () => {
    repo.networkSubsystem.addNetworkAdapter(new WebSocketClientAdapter(socket ?? `ws://127.0.0.1:${port}/`));
    await repo.networkSubsystem.whenReady();
  };
  /** Whether the server has said that it knows the document as it is here. */
  let isAcked = (handle) => heads.get(handle.documentId) === getHeads(handle.doc()).join();
  return { repo, connect, isAcked };
}

/** Makes a document of each draft; true when the server has acknowledged them all. */
async function create({ repo, isAcked }, all) {
  let handles = [];
  for (let [at, draft] of all.entries()) {
    handles.push(repo.create(draft));
    if (at % 50 === 49) await new Promise(setImmediate);
  }
  let waiting = new Set(handles);
  await until(() => {
    for (let handle of waiting) if (isAcked(handle)) waiting.delete(handle);
    return waiting.size === 0;
  }, 'acknowledged documents', all.length / 20);
  return handles;
}

await perform({
  async push({ count, ...where }) {
    let client = await open(where);
    await client.connect();
    let begun = performance.now();
    await create(client, drafts(count));
    return { wall: since(begun) / 1000 };
  },

  async prepare({ folder, count, ...where }) {
    mkdirSync(folder, { recursive: true });
    let client = await open({ folder: join(folder, 'store'), ...where });
    await client.connect();
    let handles = await create(client, drafts(count));
    await client.repo.flush();
    writeFileSync(join(folder, 'urls.json'), JSON.stringify(handles.map((it) => it.url)));
  },

  async elsewhere({ folder, edits, ...where }) {
    let client = await open(where);
    await client.connect();
    for (let url of JSON.parse(readFileSync(join(folder, 'urls.json'), 'utf8')).slice(-edits)) {
      let handle = await client.repo.find(url);
      handle.change((draft) => (draft.commune = NEW_TOWN));
      await until(() => client.isAcked(handle), 'an edit elsewhere');
    }
  },

  async reconcile({ folder, edits, elsewhere, ...where }) {
    let client = await open({ folder: join(folder, 'store'), ...where });
    let handles = [];
    for (let url of JSON.parse(readFileSync(join(folder, 'urls.json'), 'utf8'))) handles.push(await client.repo.find(url));
    let mine = handles.slice(0, edits);
    for (let handle of mine) handle.change((draft) => (draft.address_line = '1 rue Neuve'));
    let theirs = handles.slice(-elsewhere);
    let begun = performance.now();
    await client.connect();
    await until(() => mine.every(client.isAcked) && theirs.every((it) => String(it.doc().commune) === NEW_TOWN), 'both sides alike');
    return { wall: since(begun) / 1000 };
  },

  async edit({ folder, times }) {
    let { repo } = await open({ folder });
    let handle = repo.create(drafts(1)[0]);
    await repo.flush();
    let took = [];
    for (let at = 0; at < times; at++) {
      let begun = performance.now();
      handle.change((draft) => (draft.address_line = `${at} rue Neuve`));
      await repo.flush([handle.documentId]);
      took.push(since(begun));
    }
    return { p50: share(took, 0.5), p99: share(took, 0.99) };
  },

  /** One draft; the server is killed `ms` after it acknowledged it. */
  async kill({ pid, ms, ...where }) {
    let client = await open(where);
    await client.connect();
    let [handle] = await create(client, drafts(1));
    await new Promise((done) => setTimeout(done, ms));
    process.kill(pid, 'SIGKILL');
    return { key: handle.url };
  },

  async look({ key, ...where }) {
    let client = await open(where);
    await client.connect();
    let late = new Promise((done) => setTimeout(done, 3000));
    let found = await Promise.race([client.repo.find(key).then((it) => it.doc(), () => null), late]);
    return { found: found?.family_name ? 1 : 0 };
  },

  /** What one change from outside costs whoever takes it in. */
  async bomb({ file }) {
    let change = readFileSync(file);
    let before = process.resourceUsage().maxRSS;
    let begun = performance.now();
    loadIncremental(init(), change);
    return { ms: since(begun), kb: process.resourceUsage().maxRSS - before };
  },
});
