// Real processes of a journey: the Region's server, that can be cut off, and the app's engine.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The name under which the app's secrets stand in the keyring. */
const SERVICE = 'fr.passregion.app';
/** How long a process may take to say that it is ready. */
const READY_MS = 60_000;

export function fromEnvironment(name: string): string {
  let value = process.env[name];
  if (!value) throw new Error(`${name} is not set: ./test e2e`);
  return value;
}

/** Which of those that run side by side this is: each has a bus with a keyring, and ports, of its own. */
const SIDE = Number(process.env['TEST_PARALLEL_INDEX'] ?? 0);
const BUS = process.env['E2E_BUSES']?.split(' ')[SIDE];
if (BUS) process.env['DBUS_SESSION_BUS_ADDRESS'] = BUS;
const FIRST_PORT = 20_000;
const PORTS = 6_000;

/**
 * A port that nobody has, below those that the system gives to whoever does not ask for one by number:
 * nobody takes it while its server is off.
 */
async function freePort(): Promise<number> {
  for (let tries = 0; ; tries++) {
    let port = FIRST_PORT + SIDE * PORTS + Math.floor(Math.random() * PORTS);
    let listener = createServer().listen(port, '127.0.0.1');
    let isFree = await once(listener, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree && tries < 100) continue;
    if (!isFree) throw new Error('no port is free');
    listener.close();
    await once(listener, 'close');
    return port;
  }
}

async function forgetKeys(): Promise<void> {
  await run('secret-tool', ['clear', 'service', SERVICE]).catch(() => undefined);
}

/** One process of ours, read line by line until it is ready, and ended by its own id. */
class Running {
  #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Starts it, and resolves when `isReady` has seen the line it waits for. */
  static async start(
    binary: string,
    args: string[],
    environment: Record<string, string>,
    log: string,
    isReady: (line: string) => boolean,
  ): Promise<Running> {
    let child = spawn(binary, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
    let file = createWriteStream(log, { flags: 'a' });
    child.stderr.pipe(file);
    let ready = new Promise<void>((resolve, reject) => {
      let late = setTimeout(() => reject(new Error(`${binary} is not ready; see ${log}`)), READY_MS);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`${binary} ended with ${code}; see ${log}`)));
      createInterface(child.stdout).on('line', (line) => {
        file.write(`${line}\n`);
        if (isReady(line)) resolve(clearTimeout(late));
      });
    });
    let running = new Running(child);
    await ready.catch(async (reason: unknown) => {
      await running.kill();
      throw reason;
    });
    return running;
  }

  /** Kills it, as a power cut would. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    let gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}

/** The Region's server at an address that stays the same when it is started again. */
export class Server {
  readonly data: string;
  readonly port: number;
  /** « name / password », told at the first start only. */
  deskAccount = '';
  /** Where its mails go: `smtp://…`; without it they wait in its database. */
  smtp: string | null = null;
  #running: Running | null = null;
  #regionKey = '';

  constructor(data: string, port: number) {
    this.data = data;
    this.port = port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get regionKey(): string {
    return this.#regionKey;
  }

  async start(): Promise<void> {
    if (this.#running) return;
    mkdirSync(this.data, { recursive: true });
    let args = ['--data', this.data, '--listen', `127.0.0.1:${this.port}`];
    if (this.smtp) args.push('--smtp', this.smtp, '--mail-from', 'Pass’Région <ne-pas-repondre@passregion.example>');
    this.#running = await Running.start(fromEnvironment('E2E_SERVER_BIN'), args, {}, join(this.data, 'log'), (line) => {
      this.#regionKey = /^region key (.*)$/.exec(line)?.[1] ?? this.#regionKey;
      this.deskAccount = /^desk account: (.*)$/.exec(line)?.[1] ?? this.deskAccount;
      // The account is the last line of a first start, and there is none later on.
      return this.#regionKey !== '' && this.deskAccount !== '';
    });
  }

  /** From here on there is no network. */
  async stop(): Promise<void> {
    await this.#running?.kill();
    this.#running = null;
  }
}

/** A phone with its engine, its data and the Region's server. */
export class Stage {
  readonly folder: string;
  readonly server: Server;
  /** Where the screens are. */
  address = '';
  /** Where this phone keeps its data. */
  readonly data: string;
  #engine: Running | null = null;
  /** Devices that came after this one, and end with it. */
  #others: Stage[] = [];

  private constructor(folder: string, server: Server, phone = 'phone') {
    this.folder = folder;
    this.server = server;
    this.data = join(folder, phone);
  }

  /** A new phone before a new server that was reached once, to learn its key, and is off again. */
  static async open(): Promise<Stage> {
    let folder = mkdtempSync(join(fromEnvironment('E2E_DATA'), 'stage-'));
    let stage = new Stage(folder, new Server(join(folder, 'server'), await freePort()));
    await stage.server.start();
    await stage.server.stop();
    // What an earlier phone left in the keyring is not this one's.
    await forgetKeys();
    await stage.startEngine();
    return stage;
  }

  async startEngine(): Promise<void> {
    let { data } = this;
    mkdirSync(data, { recursive: true });
    // The address of the first start is kept, as the browser's page has it.
    let port = this.address.split(':').at(-1) || String(await freePort());
    let environment = {
      PASSREGION_SERVER: this.server.url,
      PASSREGION_REGION_KEY: this.server.regionKey,
      PASSREGION_DATA: data,
      PASSREGION_LOOPBACK: port,
    };
    let binary = fromEnvironment('E2E_LOOPBACK_BIN');
    this.#engine = await Running.start(binary, [join(import.meta.dirname, '../dist')], environment, join(data, 'log'), (line) => {
      let address = /^screens at (.*)$/.exec(line)?.[1];
      if (address) this.address = address;
      return Boolean(address);
    });
  }

  /** A second phone: a backup of this one, restored beside it. Its keyring is the same, its engine another. */
  async restoreElsewhere(): Promise<Stage> {
    let other = new Stage(this.folder, this.server, 'other');
    await this.killEngine();
    cpSync(this.data, other.data, { recursive: true });
    await this.startEngine();
    await other.startEngine();
    return other;
  }

  /** Another device, with nothing on it nor in its keyring. This one is off from here on. */
  async another(name = 'another'): Promise<Stage> {
    await this.killEngine();
    await forgetKeys();
    let other = new Stage(this.folder, this.server, name);
    await other.startEngine();
    this.#others.push(other);
    return other;
  }

  /** Asks the engine for one round with the server, without waiting for its next one. */
  async sync(): Promise<void> {
    await fetch(`${this.address}/call`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ command: 'sync', args: {} }),
    });
  }

  /** Kills the engine in the middle of whatever it does. */
  async killEngine(): Promise<void> {
    await this.#engine?.kill();
    this.#engine = null;
  }

  async close(): Promise<void> {
    for (let other of this.#others) await other.close();
    await this.killEngine();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
