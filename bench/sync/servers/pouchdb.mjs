// PouchDB's own server, on LevelDB.
import { join } from 'node:path';
import express from 'express';
import pouchServer from 'express-pouchdb';
import PouchDB from 'pouchdb';

process.chdir(process.env.DATA);
let Here = PouchDB.defaults({ prefix: join(process.env.DATA, '/') });
let app = express();
app.use('/', pouchServer(Here, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: join(process.env.DATA, 'log.txt') }));
let server = app.listen(Number(process.env.PORT), '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
