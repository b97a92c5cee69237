// Is a draft on the disk when the server says so? Each server is killed 1 ms after its word.
import { figure } from '../figure.mjs';
import { Server, client, folder, KEEPERS, REPEAT, told } from './stage.mjs';

const WHO = ['ours', 'pouchdb', 'hocuspocus', 'automergeRepo'].filter((it) => KEEPERS[it]);
const AFTER_MS = 1;

/** 1 when the acknowledged draft is gone. */
async function lose(who) {
  let server = await Server.start(who);
  let { key } = await client(who, 'kill', { address: server.address, port: server.port, pid: server.child.pid, ms: AFTER_MS, folder: folder() });
  await server.ended;
  let again = await Server.start(who, { data: server.data });
  let { found } = await client(who, 'look', { address: again.address, port: again.port, key });
  await again.stop();
  return 1 - found;
}

export async function killed() {
  let lost = Object.fromEntries(WHO.map((who) => [who, 0]));
  let times = 2 * REPEAT;
  for (let time = 0; time < times; time++) for (let who of WHO) lost[who] += await lose(who);
  told(`lost of ${times}: ${JSON.stringify(lost)}`);
  for (let who of WHO.slice(1)) {
    figure({ name: `acknowledged, then lost by kill -9 ${AFTER_MS} ms later, of ${times}`, ours: lost.ours, unit: 'drafts', peer: KEEPERS[who].title, peerValue: lost[who], goal: '0' });
  }
}
