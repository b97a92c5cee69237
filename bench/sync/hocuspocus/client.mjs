// The stock Hocuspocus client: many drafts on one socket.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { WebSocket } from 'ws';
import { applyUpdate, Doc, encodeStateAsUpdate } from 'yjs';
import { perform, since, until } from '../clients/task.mjs';
import { drafts } from '../drafts.mjs';

/** The server refuses more than a hundred that wait on one socket. */
const WAITING = 64;
const NEW_TOWN = 'Ailleurs';

function documentOf(draft) {
  let document = new Doc();
  let map = document.getMap('draft');
  document.transact(() => Object.entries(draft).forEach(([key, value]) => map.set(key, value)));
  return document;
}

/** Joins these documents to the server; true when it has acknowledged what it lacked. */
async function join_(port, documents, numbers) {
  let socket = new HocuspocusProviderWebsocket({ url: `ws://127.0.0.1:${port}`, WebSocketPolyfill: WebSocket });
  let providers = [];
  for (let [at, document] of documents.entries()) {
    let provider = new HocuspocusProvider({ websocketProvider: socket, name: `draft-${numbers[at]}`, document, awareness: null });
    provider.attach();
    providers.push(provider);
    await until(() => providers.slice(-2 * WAITING).filter((it) => !isAcked(it)).length < WAITING, 'a place on the socket');
  }
  await until(() => providers.every(isAcked), 'acknowledged documents', documents.length / 20);
  return { socket, providers };
}

let isAcked = (provider) => provider.synced && !provider.hasUnsyncedChanges;
let numbersTo = (count) => Array.from({ length: count }, (_, at) => at);
let stored = async (address) => Number(await (await fetch(address)).text());
let leave = ({ socket, providers }) => {
  for (let provider of providers) provider.destroy();
  socket.destroy();
};
let fileOf = (folder, at) => join(folder, `${at}.yjs`);

await perform({
  async push({ address, port, count }) {
    let documents = drafts(count).map(documentOf);
    let begun = performance.now();
    await join_(port, documents, numbersTo(count));
    let acked = since(begun) / 1000;
    await until(async () => (await stored(address)) >= count, 'stored documents', 200);
    return { wall: since(begun) / 1000, acked };
  },

  async prepare({ address, port, folder, count }) {
    mkdirSync(folder, { recursive: true });
    let documents = drafts(count).map(documentOf);
    let joined = await join_(port, documents, numbersTo(count));
    await until(async () => (await stored(address)) >= count, 'stored documents', 200);
    leave(joined);
    for (let [at, document] of documents.entries()) writeFileSync(fileOf(folder, at), encodeStateAsUpdate(document));
  },

  async elsewhere({ port, count, edits }) {
    let numbers = numbersTo(count).slice(-edits);
    let documents = numbers.map(() => new Doc());
    let joined = await join_(port, documents, numbers);
    for (let document of documents) document.getMap('draft').set('commune', NEW_TOWN);
    await until(() => joined.providers.every(isAcked), 'edits elsewhere');
    leave(joined);
  },

  async reconcile({ port, folder, count, edits, elsewhere }) {
    let documents = numbersTo(count).map((at) => {
      let document = new Doc();
      applyUpdate(document, readFileSync(fileOf(folder, at)));
      return document;
    });
    for (let document of documents.slice(0, edits)) document.getMap('draft').set('address_line', '1 rue Neuve');
    let begun = performance.now();
    await join_(port, documents, numbersTo(count));
    await until(() => documents.slice(-elsewhere).every((it) => it.getMap('draft').get('commune') === NEW_TOWN), 'both sides alike');
    return { wall: since(begun) / 1000 };
  },

  /** One draft; the server is killed `ms` after it acknowledged it. */
  async kill({ port, pid, ms }) {
    await join_(port, [documentOf(drafts(1)[0])], [0]);
    await new Promise((done) => setTimeout(done, ms));
    process.kill(pid, 'SIGKILL');
    return { key: 0 };
  },

  async look({ port, key }) {
    let document = new Doc();
    await join_(port, [document], [key]);
    return { found: document.getMap('draft').get('family_name') ? 1 : 0 };
  },
});
