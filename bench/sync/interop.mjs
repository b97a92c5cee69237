// The stock automerge-repo client with our server, and with its own.
import { execFileSync } from 'node:child_process';
import { figure } from '../figure.mjs';
import { Server, costly, inTurns, KEEPERS, REPEAT } from './stage.mjs';

const SIZES = [1_000, 5_000];

/** Where the stock client finds our server: the address that the server's own program prints. */
function ticket(server) {
  return execFileSync(process.env.OUR_SERVER, ['ticket', '--data', server.data], { encoding: 'utf8' }).trim().split('\n').at(-1);
}

async function create(who, count) {
  // Off unless it is asked for; the peer's server speaks nothing else.
  let server = await Server.start(who, { flags: who === 'ours' ? ['--automerge'] : [] });
  let where = who === 'ours' ? { socket: ticket(server) } : {};
  let { cpu, wall } = await costly(server, 'push', { count, ...where }, 'automergeRepo');
  let rss = server.rss();
  await server.stop();
  return { perCpu: count / cpu, wall, rss };
}

export async function interop() {
  let rates = {};
  for (let count of SIZES) {
    // The client itself takes a minute for 5,000 documents.
    let times = count > 1_000 ? Math.ceil(REPEAT / 2) : REPEAT;
    let seen = await inTurns({ ours: () => create('ours', count), automergeRepo: () => create('automergeRepo', count) }, times);
    rates[count] = seen.ours.perCpu;
    figure({ name: `stock automerge-repo client, ${count} documents`, ours: seen.ours.perCpu, unit: 'documents / CPU s of the server', peer: KEEPERS.automergeRepo.title, peerValue: seen.automergeRepo.perCpu, goal: '>= 10 x' });
  }
  let [few, many] = SIZES;
  figure({ name: `stock automerge-repo client, a document of ${many}`, ours: 1e6 / rates[many], unit: 'µs of CPU', peer: `ours, of ${few}`, peerValue: 1e6 / rates[few], goal: '<= 1.15 x' });
}
