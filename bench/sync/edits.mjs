// How long until what was typed cannot be lost: by a killed app, by a power cut?
import { figure } from '../figure.mjs';
import { calibrate } from './fsync.mjs';
import { client, folder, inTurns, KEEPERS } from './stage.mjs';

const PEERS = ['pouchdb', 'automergeRepo'];

export async function edits() {
  let ours = async () => {
    let disk = calibrate();
    return { ...(await client('ours', 'edit', { folder: folder(), times: 2_000 })), fsync: disk.p50 };
  };
  let theirs = (who) => () => client(who, 'edit', { folder: folder(), times: 200 });
  let seen = await inTurns({ ours, ...Object.fromEntries(PEERS.map((who) => [who, theirs(who)])) });
  let { keyP50, keyP99, p50, p99, fsync } = seen.ours;
  for (let who of PEERS) {
    let peer = `${KEEPERS[who].title}: a local edit, no fsync`;
    figure({ name: 'a keystroke until a killed app keeps it, p99', ours: keyP99, unit: 'ms', peer, peerValue: seen[who].p99, goal: '<= 0.1' });
    figure({ name: 'an edited field until a power cut keeps it, p50', ours: p50, unit: 'ms', peer, peerValue: seen[who].p50, goal: `<= ${(2 * fsync + 0.1).toFixed(3)}: 2 fdatasync of ${fsync.toFixed(3)} ms + 0.1` });
  }
  figure({ name: 'a keystroke until a killed app keeps it, p50', ours: keyP50, unit: 'ms', goal: 'reported' });
  figure({ name: 'an edited field until a power cut keeps it, p99', ours: p99, unit: 'ms', goal: 'reported' });
}
