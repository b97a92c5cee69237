// Does it matter how much is stored? Memory after everything was read, and the cost of the next drafts.
import { figure } from '../figure.mjs';
import { Server, costly, sleep, told } from './stage.mjs';

const FEW = 4_000;
const FULL = 300_000;
const MANY = 400_000;
/** Measured on so many: a tick of the processor's clock is 10 ms. */
const NEXT = 20_000;
const A_SPACE = 1_000;

export async function stored() {
  let server = await Server.start('ours');
  let kept = 0;
  let add = async (count) => {
    let found = await costly(server, 'push', { count, batch: 500, spaces: Math.ceil(count / A_SPACE), seed: kept + 1 });
    kept += count;
    told(`${kept} stored, ${count} more cost ${found.cpu.toFixed(2)} s`);
    return found.cpu / count;
  };
  await add(FEW);
  let early = await add(NEXT);
  let first = kept;
  await add(FULL - kept);
  let pulled = await costly(server, 'pull', { spaces: Math.ceil((FULL - first) / A_SPACE), seed: first + 1 });
  told(`pulled ${pulled.changes} changes in ${pulled.wall.toFixed(1)} s`);
  await sleep(2000);
  figure({ name: `memory with ${FULL} drafts, each space read from its beginning`, ours: server.rss() / 1024, unit: 'MB', goal: '<= 64' });
  figure({ name: 'the most memory until then', ours: server.peak() / 1024, unit: 'MB', goal: 'reported' });
  await add(MANY - kept);
  let late = await add(NEXT);
  await server.stop();
  figure({ name: `an intake with ${MANY} drafts stored`, ours: late * 1e6, unit: 'µs of CPU', peer: `the same with ${FEW}`, peerValue: early * 1e6, goal: '<= 1.2 x' });
}
