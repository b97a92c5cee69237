// How many photos of 60 kB a second, near and far?
import { figure } from '../figure.mjs';
import { Server, Wire, costly, inTurns, KEEPERS } from './stage.mjs';

const BYTES = 60_000;
const FLYING = 4;
const FAR_MS = 150;

async function send(who, count, ms, flying = FLYING) {
  let server = await Server.start(who);
  let wire = ms ? await Wire.to(server.port, ms) : server;
  let found = await costly(server, 'photos', { address: wire.address, behind: server.address, count, bytes: BYTES, flying });
  await server.stop();
  if (ms) wire.close();
  return { rate: count / found.wall, cpu: (found.cpu / count) * 1000 };
}

export async function photos() {
  let near = await inTurns({ ours: () => send('ours', 2_000, 0), tus: () => send('tus', 300, 0) });
  let far = await inTurns({ ours: () => send('ours', 100, FAR_MS), tus: () => send('tus', 40, FAR_MS) });
  let peer = `${KEEPERS.tus.title}, no fsync`;
  figure({ name: `photos of 60 kB on the disk, ${FLYING} in flight, loopback`, ours: near.ours.rate, unit: 'photos / s', peer, peerValue: near.tus.rate, goal: '>= 5 x' });
  figure({ name: `photos of 60 kB on the disk, ${FLYING} in flight, ${2 * FAR_MS} ms RTT`, ours: far.ours.rate, unit: 'photos / s', peer, peerValue: far.tus.rate, goal: '>= 5 x' });
  figure({ name: 'a photo of 60 kB', ours: near.ours.cpu, unit: 'ms of CPU of the server', peer, peerValue: near.tus.cpu, goal: 'reported' });
}
