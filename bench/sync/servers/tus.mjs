// tus' own server, on its file store.
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';

let tus = new Server({ path: '/files', datastore: new FileStore({ directory: process.env.DATA }) });
let server = tus.listen({ host: '127.0.0.1', port: Number(process.env.PORT) }, () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
