// Hocuspocus' own server, with its SQLite store and its default pause of 2 s before it stores.
import { join } from 'node:path';
import { SQLite } from '@hocuspocus/extension-sqlite';
import { Server } from '@hocuspocus/server';

let stored = new Set();
class Counting extends SQLite {
  async onStoreDocument(what) {
    await super.onStoreDocument(what);
    stored.add(what.documentName);
  }
}
let server = new Server({
  address: '127.0.0.1',
  port: Number(process.env.PORT),
  quiet: true,
  extensions: [new Counting({ database: join(process.env.DATA, 'drafts.sqlite') })],
  /** Any other question is answered with how many drafts were stored. */
  async onRequest({ response }) {
    response.end(String(stored.size));
    throw null;
  },
});
await server.listen();
console.log(`listening on http://127.0.0.1:${server.address.port}`);
