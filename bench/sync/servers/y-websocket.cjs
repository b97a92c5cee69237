// y-websocket's own server, in memory; it also says how many documents hold something.
const { createServer } = require('node:http');
const { WebSocketServer } = require('ws');
const { docs, setupWSConnection } = require('y-websocket/bin/utils');

const sockets = new WebSocketServer({ noServer: true });
sockets.on('connection', setupWSConnection);
const server = createServer((_, answer) => {
  answer.end(String([...docs.values()].filter((it) => it.store.clients.size > 0).length));
});
server.on('upgrade', (asked, socket, head) => sockets.handleUpgrade(asked, socket, head, (it) => sockets.emit('connection', it, asked)));
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
