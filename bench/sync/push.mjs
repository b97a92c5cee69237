// What does a draft cost the server until it is kept, in batches and alone, and how much does it weigh?
import { figure } from '../figure.mjs';
import { calibrate } from './fsync.mjs';
import { Server, Wire, client, costly, folder, inTurns, KEEPERS } from './stage.mjs';

/** Ours is measured by more, because a tick of the processor's clock is 10 ms. */
const OURS = 20_000;
const POUCH = 5_000;
const CRDT = 1_000;
const BATCH = 500;
const PHONES = 64;
const CRDTS = ['automergeRepo', 'hocuspocus', 'yWebsocket'].filter((it) => KEEPERS[it]);

/** One fresh server takes this many drafts. */
async function take(who, task, options) {
  let server = await Server.start(who);
  let [empty, disk] = [server.rss(), calibrate()];
  let found = await costly(server, task, { folder: folder(), ...options });
  let grown = (server.rss() - empty) / options.count;
  await server.stop();
  return { ...found, perCpu: options.count / found.cpu, grown, fsync: disk.p50, fsync99: disk.p99 };
}

/** Bytes a draft, both ways, headers and all. */
async function weigh(who, task, options) {
  let server = await Server.start(who);
  let wire = await Wire.to(server.port, 0);
  await client(who, task, { address: wire.address, port: wire.port, behind: server.address, folder: folder(), ...options });
  await server.stop();
  wire.close();
  return wire.bytes / options.count;
}

export async function push() {
  let peers = Object.fromEntries(CRDTS.map((who) => [who, () => take(who, 'push', { count: CRDT })]));
  let seen = await inTurns({
    ours: () => take('ours', 'push', { count: OURS, batch: BATCH }),
    phones: () => take('ours', 'phones', { count: OURS, phones: PHONES }),
    pouchdb: () => take('pouchdb', 'push', { count: POUCH }),
    ...peers,
  });
  let unit = 'drafts / CPU s of the server';
  let against = (name, ours, who, goal) => figure({ name, ours: seen[ours].perCpu, unit, peer: KEEPERS[who].title, peerValue: seen[who].perCpu, goal });
  let name = `push by ${BATCH}, on the disk before the ack`;
  against(name, 'ours', 'pouchdb', '>= 10 x');
  let best = CRDTS.toSorted((a, b) => seen[b].perCpu - seen[a].perCpu)[0];
  against(`${name}; the best CRDT peer`, 'ours', best, '>= 50 x');
  for (let who of CRDTS) if (who !== best) against(name, 'ours', who, 'reported');
  against(`${PHONES} phones, one draft a request, on the disk before the ack`, 'phones', 'yWebsocket', '>= 12 x');
  let { p99, fsync, fsync99 } = seen.phones;
  figure({ name: `${PHONES} phones: p99 until acknowledged`, ours: p99 / fsync, unit: `fdatasync of ${fsync.toFixed(3)} ms (p50)`, goal: '<= 8' });
  figure({ name: `${PHONES} phones: p99 until acknowledged, in ms beside one fdatasync's p99`, ours: p99, unit: 'ms', peer: 'fdatasync p99', peerValue: fsync99, goal: 'reported' });
  figure({ name: 'memory per draft pushed', ours: seen.ours.grown, unit: 'kB', peer: KEEPERS.pouchdb.title, peerValue: seen.pouchdb.grown, goal: 'reported' });
  await weights();
}

async function weights() {
  let batch = { count: 5_000, batch: BATCH };
  let ours = await weigh('ours', 'push', batch);
  let theirs = await weigh('pouchdb', 'push', batch);
  let crdt = {};
  for (let who of CRDTS) crdt[who] = await weigh(who, 'push', { count: 500 });
  let best = CRDTS.toSorted((a, b) => crdt[a] - crdt[b])[0];
  let unit = 'bytes, both ways';
  figure({ name: `a draft in a batch of ${BATCH}`, ours, unit, peer: KEEPERS.pouchdb.title, peerValue: theirs, goal: '<= 170' });
  let alone = await weigh('ours', 'phones', { count: 200, phones: 1 });
  figure({ name: 'a draft alone, headers counted', ours: alone, unit, peer: KEEPERS[best].title, peerValue: crdt[best], goal: '<= 450' });
}

