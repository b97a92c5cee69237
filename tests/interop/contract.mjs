// The stock client of automerge-repo against the real server: create, find, edit, go away, come back.
// contract.mjs SERVER ANSWERS: the server's program, and the one that tells what its drafts say.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ImmutableString, Repo } from '@automerge/automerge-repo';
import { WebSocketClientAdapter } from '@automerge/automerge-repo-network-websocket';

// A ticket lets in once: the client must not come back by itself.
const NEVER_MS = 600_000;
const PATIENCE_MS = 10_000;

const [, , serverProgram, answersProgram] = process.argv;
const data = mkdtempSync(join(tmpdir(), 'passregion-interop-'));
const space = randomUUID();
let server;

async function start() {
  server = spawn(serverProgram, ['--data', data, '--automerge'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const line of createInterface({ input: server.stdout })) {
    if (line.startsWith('region key')) return;
  }
  throw new Error('the server did not start');
}

async function kill() {
  const ended = once(server, 'exit');
  server.kill('SIGKILL');
  await ended;
}

function ticket(...more) {
  return execFileSync(serverProgram, ['ticket', '--data', data, ...more], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

async function until(what, holds) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await holds();
    if (found) return found;
    assert.ok(Date.now() < end, `never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A repository that can go away and come back with another ticket. */
class Client {
  constructor(...more) {
    this.more = more;
    this.repo = new Repo({ network: [] });
  }

  async come() {
    this.adapter = new WebSocketClientAdapter(ticket(...this.more), NEVER_MS);
    this.repo.networkSubsystem.addNetworkAdapter(this.adapter);
    await until('a client is let in', () => this.adapter.remotePeerId);
    return this;
  }

  go() {
    this.repo.networkSubsystem.removeNetworkAdapter(this.adapter);
  }

  /** Another client's document, as soon as the server has it. */
  async find(url) {
    const handle = await this.repo.find(url, { allowableStates: ['ready', 'unavailable'] });
    await until('a document is found', () => handle.isReady());
    return handle;
  }
}

const says = (handle, field, text) =>
  until(`${field} is ${text}`, () => String(handle.doc()?.[field]) === text);

function status(address) {
  return new Promise((resolve, reject) => {
    const headers = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'cGFzc3JlZ2lvbnBhc3NyZQ==',
    };
    const request = get(address.replace(/^ws/, 'http'), { headers, agent: false });
    request.on('response', (answer) => resolve(answer.resume().statusCode));
    request.on('upgrade', (answer, socket) => resolve(socket.destroy() && answer.statusCode));
    request.on('error', reject);
  });
}

async function contract() {
  await start();
  const once = ticket('--space', space);
  assert.equal(await status(once), 101, 'a ticket lets in');
  assert.equal(await status(once), 401, 'and once only');

  const lina = await new Client('--space', space).come();
  const stand = await new Client('--space', space).come();
  const written = lina.repo.create({ family_name: 'Moreau', given_name: new ImmutableString('Lina') });
  const found = await stand.find(written.url);
  await says(found, 'family_name', 'Moreau');
  await says(found, 'given_name', 'Lina');
  found.change((draft) => (draft.postal_code = '63000'));
  await says(written, 'postal_code', '63000');

  lina.go();
  written.change((draft) => (draft.family_name = 'Moreau-Faure'));
  found.change((draft) => (draft.commune = new ImmutableString('63113')));
  await lina.come();
  await says(found, 'family_name', 'Moreau-Faure');
  await says(written, 'commune', '63113');

  const many = Array.from({ length: 50 }, (_, number) =>
    lina.repo.create({ family_name: `Moreau ${number}` }),
  );
  await Promise.all(many.map((handle) => stand.find(handle.url)));

  await kill();
  await start();
  lina.go();
  written.change((draft) => (draft.given_name = 'Lina Rose'));
  const late = await new Client('--space', space).come();
  const read = await late.find(written.url);
  await says(read, 'family_name', 'Moreau-Faure');
  await says(read, 'given_name', 'Lina');
  for (const [number, handle] of many.entries()) {
    assert.equal((await late.find(handle.url)).doc().family_name, `Moreau ${number}`);
  }
  await lina.come();
  await says(read, 'given_name', 'Lina Rose');
  assert.deepEqual(read.heads(), written.heads());

  const stranger = await new Client().come();
  const nothing = await stranger.repo.find(written.url, { allowableStates: ['unavailable'] });
  assert.equal(nothing.state, 'unavailable', 'another space shows nothing');

  const answers = execFileSync(answersProgram, [data], { encoding: 'utf8' }).trim().split('\n');
  assert.equal(answers.length, 51);
  const { typed } = answers.map((line) => JSON.parse(line)).find(({ document }) => document === written.documentId);
  assert.deepEqual(typed, {
    family_name: 'Moreau-Faure',
    given_name: 'Lina Rose',
    postal_code: '63000',
    commune: '63113',
  });
}

let code = 0;
const begun = Date.now();
try {
  await contract();
  console.log(`the stock client creates, finds, edits and reconciles: ${Date.now() - begun} ms`);
} catch (error) {
  console.error(error);
  code = 1;
}
server?.kill('SIGKILL');
rmSync(data, { recursive: true, force: true });
// The stock client keeps timers for a connection that it lost.
process.exit(code);
