// What does a change of 194 kB that inflates to 200 MB do to who reads it?
import { join } from 'node:path';
import { figure } from '../figure.mjs';
import { client, folder, inTurns } from './stage.mjs';

export async function bomb() {
  let where = folder();
  await client('ours', 'bomb', { folder: where });
  let file = join(where, 'bomb.change');
  let ours = () => client('ours', 'refuse', { folder: where });
  let seen = await inTurns({ ours, theirs: () => client('automergeRepo', 'bomb', { file }) });
  let peer = 'automerge 3.5.0, as automerge-repo reads a change';
  figure({ name: 'a bomb of 194 kB: memory more', ours: seen.ours.kb / 1024, unit: 'MB', peer, peerValue: seen.theirs.kb / 1024, goal: '<= 8' });
  figure({ name: 'a bomb of 194 kB: until it is refused', ours: seen.ours.ms, unit: 'ms', peer, peerValue: seen.theirs.ms, goal: '<= 5' });
}
