// The stock y-websocket client: one socket for each draft.
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import { Doc } from 'yjs';
import { drafts } from '../drafts.mjs';
import { perform, since, until } from './task.mjs';

await perform({
  async push({ address, count }) {
    let documents = drafts(count).map((draft) => {
      let document = new Doc();
      let map = document.getMap('draft');
      document.transact(() => Object.entries(draft).forEach(([key, value]) => map.set(key, value)));
      return document;
    });
    let synced = 0;
    let begun = performance.now();
    for (let [at, document] of documents.entries()) {
      let provider = new WebsocketProvider(address.replace('http', 'ws'), `draft-${at}`, document, { WebSocketPolyfill: WebSocket, disableBc: true });
      provider.on('sync', (is) => is && synced++);
      if (at % 50 === 49) await new Promise(setImmediate);
    }
    await until(() => synced >= count, 'synced documents', 5);
    await until(async () => Number(await (await fetch(address)).text()) >= count, 'documents on the server', 100);
    return { wall: since(begun) / 1000 };
  },
});
