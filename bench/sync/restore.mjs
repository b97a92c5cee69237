// A server is lost with its disk: how long until another stands in its place, made of a backup that was taken while it ran?
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { figure } from '../figure.mjs';
import { Server, client, folder, told } from './stage.mjs';

const DRAFTS = 300_000;
const A_SPACE = 1_000;
const SPACES = DRAFTS / A_SPACE;
const PHOTOS = { count: 5_000, bytes: 60_000, flying: 4 };

const run = promisify(execFile);

/** Seconds that this command of the server's program takes. */
async function seconds(...args) {
  let begun = performance.now();
  await run(process.env.OUR_SERVER, args);
  return (performance.now() - begun) / 1000;
}

export async function restore() {
  let server = await Server.start('ours');
  await client('ours', 'push', { address: server.address, count: DRAFTS, batch: 500, spaces: SPACES, seed: 1 });
  await client('ours', 'photos', { address: server.address, ...PHOTOS });
  let safe = join(folder(), 'backup');
  let saved = await seconds('backup', '--data', server.data, '--to', safe);
  await server.stop('SIGKILL');
  rmSync(server.data, { recursive: true });

  let begun = performance.now();
  let copied = await seconds('restore', '--from', safe, '--data', server.data);
  let again = await Server.start('ours', { data: server.data });
  let ready = await fetch(`${again.address}/readyz`);
  let down = (performance.now() - begun) / 1000;
  if (!ready.ok) throw new Error(`the restored server is not ready: ${ready.status}`);
  let { changes } = await client('ours', 'pull', { address: again.address, spaces: SPACES, seed: 1 });
  await again.stop();
  told(`of the restore, ${copied.toFixed(1)} s were copying and checking`);
  let what = `${DRAFTS} drafts and ${PHOTOS.count} photos`;
  figure({ name: `a backup of ${what}, taken while the server runs`, ours: saved, unit: 's', goal: 'reported' });
  figure({ name: `from the loss of ${what} until a server made of the backup answers`, ours: down, unit: 's', goal: '<= 900' });
  figure({ name: `drafts of ${DRAFTS} that every space then misses`, ours: DRAFTS - changes, unit: 'drafts', goal: '0' });
}
