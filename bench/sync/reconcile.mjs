// A stand with 500 drafts was a day without network: how long until both sides are alike?
import { join } from 'node:path';
import { figure } from '../figure.mjs';
import { Server, Wire, client, costly, folder, inTurns, KEEPERS } from './stage.mjs';

const WHAT = { count: 500, edits: 30, elsewhere: 20 };
const FAR_MS = 150;
const PEERS = ['pouchdb', 'hocuspocus', 'automergeRepo'].filter((it) => KEEPERS[it]);

/** The exchange of one fresh pair, after both have changed. */
async function meet(who, ms) {
  let server = await Server.start(who);
  let where = { ...WHAT, folder: join(folder(), 'stand'), address: server.address, port: server.port, regionKey: server.regionKey };
  await client(who, 'prepare', where);
  await client(who, 'elsewhere', { ...where, edits: WHAT.elsewhere });
  await server.rest(KEEPERS[who].quiet);
  // On loopback nothing stands between; far away, what is between also counts.
  let wire = ms ? await Wire.to(server.port, ms) : server;
  let found = await costly(server, 'reconcile', { ...where, address: wire.address, port: wire.port });
  await server.stop();
  let { bytes, requests } = wire;
  if (ms) wire.close();
  return ms ? { ms: found.wall * 1000, bytes, requests } : { ms: found.wall * 1000, cpu: found.cpu * 1000 };
}

export async function reconcile() {
  let all = ['ours', ...PEERS];
  let near = await inTurns(Object.fromEntries(all.map((who) => [who, () => meet(who, 0)])));
  let far = await inTurns(Object.fromEntries(all.map((who) => [who, () => meet(who, FAR_MS)])));
  let name = `${WHAT.count} drafts reconciled, ${WHAT.edits} local and ${WHAT.elsewhere} remote edits`;
  let goals = { pouchdb: '<= 0.05 x', hocuspocus: 'reported', automergeRepo: 'reported' };
  for (let who of PEERS) {
    let peer = KEEPERS[who].title;
    figure({ name: `${name}, loopback`, ours: near.ours.ms, unit: 'ms', peer, peerValue: near[who].ms, goal: goals[who] });
    figure({ name: `${name}, ${2 * FAR_MS} ms RTT with the handshake`, ours: far.ours.ms, unit: 'ms', peer, peerValue: far[who].ms, goal: '<= 700' });
    figure({ name: `${name}: bytes both ways`, ours: far.ours.bytes, unit: 'bytes', peer, peerValue: far[who].bytes, goal: '<= 6144' });
  }
  figure({ name: `${name}: requests`, ours: far.ours.requests, unit: 'requests', peer: KEEPERS.pouchdb.title, peerValue: far.pouchdb.requests, goal: 'reported' });
}
