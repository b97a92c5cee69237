// Servers started and ended, what they cost, and the wire between them and their clients.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median } from '../figure.mjs';

/** A page and a tick of Linux, as /proc counts them. */
const TICK_S = 0.01;
const NODE = process.execPath;
const here = import.meta.dirname;
const run = promisify(execFile);

/** How often each measurement is made; the middle one counts. */
export const REPEAT = Number(process.env.REPEAT ?? 5);
/** Everything that is written goes here, on the disk that is calibrated, and is thrown away. */
export const work = mkdtempSync(join(process.env.BENCH_DISK ?? tmpdir(), 'passregion-sync-'));

let script = (path) => [NODE, join(here, path)];
/**
 * Who keeps drafts: how its server is started, which program speaks to it as its users' apps do, and for
 * how many milliseconds it may have nothing to do and still have something in mind.
 */
export const KEEPERS = {
  ours: { title: "Pass'Région", quiet: 500, server: (data) => [process.env.OUR_SERVER, '--data', data, '--listen', '127.0.0.1:0'], client: [process.env.BENCH_LOAD] },
  pouchdb: { title: 'PouchDB 9.0.0, express-pouchdb 4.2.0', quiet: 500, server: () => script('servers/pouchdb.mjs'), client: script('clients/pouchdb.mjs') },
  automergeRepo: { title: 'automerge-repo 2.5.6, its own server', quiet: 1500, server: () => script('servers/automerge-repo.mjs'), client: script('clients/automerge-repo.mjs') },
  hocuspocus: { title: 'Hocuspocus 4.7.0, SQLite', quiet: 3000, server: () => script('hocuspocus/server.mjs'), client: script('hocuspocus/client.mjs') },
  yWebsocket: { title: 'y-websocket 2.1.0, in memory', quiet: 500, server: () => script('servers/y-websocket.cjs'), client: script('clients/y-websocket.mjs') },
  tus: { title: '@tus/server 2.4.5, file store', quiet: 500, server: () => script('servers/tus.mjs'), client: script('clients/tus.mjs') },
};
if (process.env.BENCH_NO_HOCUSPOCUS) delete KEEPERS.hocuspocus;

export function told(words) {
  console.error(`· ${words}`);
}

export function sleep(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

let folders = 0;
export function folder() {
  return mkdtempSync(join(work, `${folders++}-`));
}

let living = new Set();
/** Whatever is still running is ended, and what was written is removed. */
export function clear() {
  for (let child of living) child.kill('SIGKILL');
  rmSync(work, { recursive: true, force: true });
}

/** A server that runs: its address, its costs, its end. */
export class Server {
  static async start(who, { data = folder(), port = 0, flags = [] } = {}) {
    let [command, ...args] = [...KEEPERS[who].server(data), ...flags];
    let child = spawn(command, args, { env: { ...process.env, DATA: data, PORT: String(port), RUST_LOG: 'error' }, stdio: ['ignore', 'pipe', 'inherit'] });
    living.add(child);
    let ended = new Promise((done) => child.once('exit', done)).then(() => living.delete(child));
    let said = '';
    let listens = new Promise((found, failed) => {
      child.stdout.on('data', (chunk) => {
        said += chunk;
        let at = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(said);
        if (at && (who !== 'ours' || said.includes('region key'))) found(Number(at[1]));
      });
      ended.then(() => failed(new Error(`the server of ${who} ended`)));
    });
    let server = Object.assign(new Server(), { who, child, ended, data, port: await listens });
    server.regionKey = /region key (\w+)/.exec(said)?.[1];
    await server.rest(500);
    return server;
  }

  get address() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Seconds of processor time so far, ours and the system's for us. */
  cpu() {
    let stat = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8');
    let fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_S;
  }

  #status(key) {
    return Number(new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'))[1]);
  }

  /** Kilobytes in memory now. */
  rss() {
    return this.#status('VmRSS');
  }

  /** Kilobytes in memory at the most. */
  peak() {
    return this.#status('VmHWM');
  }

  /** Until it has had nothing to do for a while: what it does later is its cost, too. */
  async rest(quiet) {
    let since = Date.now();
    for (let before = this.cpu(); Date.now() - since < quiet; await sleep(50)) {
      let now = this.cpu();
      if (now - before > TICK_S * 1.5) since = Date.now();
      before = now;
    }
  }

  /** Asked politely, or as a power cut asks. */
  async stop(signal = 'SIGTERM') {
    this.child.kill(signal);
    let late = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await this.ended;
    clearTimeout(late);
  }
}

/** Lets a client do one task with this server, and reads what it found. */
export async function client(who, task, options = {}) {
  let [command, ...args] = KEEPERS[who].client;
  let { stdout } = await run(command, [...args, task, JSON.stringify(options)], { maxBuffer: 2 ** 28 });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

/** The same, with what it cost the server until it rests again. */
export async function costly(server, task, options = {}, by = server.who) {
  let before = server.cpu();
  let found = await client(by, task, { address: server.address, port: server.port, ...options });
  await server.rest(KEEPERS[server.who].quiet);
  return { ...found, cpu: server.cpu() - before };
}

/** A wire that counts, and that is `ms` long each way: the first bytes wait for the handshake, too. */
export class Wire {
  constructor(port, ms = 0) {
    Object.assign(this, { up: 0, down: 0, connections: 0, requests: 0 });
    this.server = createServer((near) => this.#join(near, connect(port, '127.0.0.1'), ms));
  }

  static async to(port, ms) {
    let wire = new Wire(port, ms);
    await new Promise((done) => wire.server.listen(0, '127.0.0.1', done));
    return wire;
  }

  get port() {
    return this.server.address().port;
  }

  get address() {
    return `http://127.0.0.1:${this.port}`;
  }

  #join(near, far, ms) {
    this.connections++;
    let open = Date.now() + (ms ? 2 * ms : 0);
    let carry = (from, to, count, since) => {
      let later = (what) => (ms ? setTimeout(what, ms + Math.max(0, since - Date.now())) : what());
      from.setNoDelay(true);
      from.on('data', (bytes) => {
        count(bytes);
        later(() => to.destroyed || to.write(bytes));
      });
      from.on('end', () => later(() => to.end()));
      from.on('error', () => to.destroy());
      from.on('close', () => later(() => to.destroy()));
    };
    carry(near, far, (bytes) => this.#count(bytes), open);
    carry(far, near, (bytes) => (this.down += bytes.length), 0);
  }

  #count(bytes) {
    this.up += bytes.length;
    if (/^(GET|PUT|POST|PATCH|HEAD|DELETE|OPTIONS) /.test(bytes.subarray(0, 8).toString('latin1'))) this.requests++;
  }

  get bytes() {
    return this.up + this.down;
  }

  close() {
    this.server.close();
  }
}

/** Measures everybody in turns, so that a busy moment of the machine meets all; keeps the middle of each. */
export async function inTurns(contestants, times = REPEAT) {
  let seen = {};
  for (let turn = 0; turn < times; turn++) {
    for (let [name, measure] of Object.entries(contestants)) {
      let found = await measure();
      told(`${name}: ${JSON.stringify(found)}`);
      for (let [key, value] of Object.entries(found)) ((seen[name] ??= {})[key] ??= []).push(value);
    }
  }
  return Object.fromEntries(Object.entries(seen).map(([name, all]) => [name, Object.fromEntries(Object.entries(all).map(([key, values]) => [key, median(values)]))]));
}
