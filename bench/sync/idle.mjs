// What does a connection cost that only waits?
import { WebSocket } from 'ws';
import { cbor } from '@automerge/automerge-repo';
import { figure } from '../figure.mjs';
import { Server, client, inTurns, KEEPERS, sleep } from './stage.mjs';

const CONNECTIONS = 5_000;
const AT_ONCE = 50;

/** How each is spoken to until it waits. */
const JOIN = {
  ours: { url: (port) => `ws://127.0.0.1:${port}/v1/poke`, headers: (at, tokens) => ({ authorization: `Bearer ${tokens[at]}` }) },
  automergeRepo: { hello: (at) => cbor.encode({ type: 'join', senderId: `c${at}`, peerMetadata: { isEphemeral: true }, supportedProtocolVersions: ['1'] }) },
  hocuspocus: {},
  yWebsocket: { url: (port, at) => `ws://127.0.0.1:${port}/draft-${at}` },
};

/** Kilobytes of the server's memory per connection. */
async function wait(who) {
  let server = await Server.start(who);
  let { url = (port) => `ws://127.0.0.1:${port}/`, headers = () => ({}), hello } = JOIN[who];
  let tokens = who === 'ours' ? (await client('ours', 'introduce', { address: server.address, spaces: CONNECTIONS })).tokens : [];
  await server.rest(1000);
  let empty = server.rss();
  let sockets = [];
  for (let at = 0; at < CONNECTIONS; at += AT_ONCE) {
    let joined = Array.from({ length: AT_ONCE }, (_, more) => {
      let socket = new WebSocket(url(server.port, at + more), { headers: headers(at + more, tokens) });
      sockets.push(socket);
      return new Promise((open, failed) => socket.once('open', () => (hello && socket.send(hello(at + more)), open())).once('error', failed));
    });
    await Promise.all(joined);
  }
  await server.rest(2000);
  let full = server.rss();
  let before = server.cpu();
  await sleep(2000);
  let busy = ((server.cpu() - before) / 2) * 1000;
  for (let socket of sockets) socket.terminate();
  await server.stop();
  return { each: (full - empty) / CONNECTIONS, busy };
}

export async function idle() {
  let all = Object.keys(JOIN).filter((who) => KEEPERS[who]);
  let seen = await inTurns(Object.fromEntries(all.map((who) => [who, () => wait(who)])));
  for (let who of all.filter((it) => it !== 'ours')) {
    figure({ name: `a connection that waits, of ${CONNECTIONS}`, ours: seen.ours.each, unit: 'kB', peer: KEEPERS[who].title, peerValue: seen[who].each, goal: '<= 8' });
  }
  figure({ name: `${CONNECTIONS} connections that wait`, ours: seen.ours.busy, unit: 'ms of CPU a second', goal: 'reported' });
}
