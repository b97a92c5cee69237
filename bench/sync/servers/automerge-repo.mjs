// automerge-repo's own sync server: @automerge/automerge-repo-sync-server's server.js, on 2.5.6.
import { createServer } from 'node:http';
import { Repo } from '@automerge/automerge-repo';
import { NodeWSServerAdapter } from '@automerge/automerge-repo-network-websocket';
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs';
import { WebSocketServer } from 'ws';

let sockets = new WebSocketServer({ noServer: true });
let network = [new NodeWSServerAdapter(sockets)];
new Repo({ network, storage: new NodeFSStorageAdapter(process.env.DATA), peerId: 'storage-server', sharePolicy: async () => false });
let server = createServer((_, answer) => answer.end());
server.on('upgrade', (asked, socket, head) => sockets.handleUpgrade(asked, socket, head, (it) => sockets.emit('connection', it, asked)));
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
