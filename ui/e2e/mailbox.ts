// The mailbox of everybody in a journey: a real SMTP server, and what it was brought.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test as base } from './journey';
import { fromEnvironment } from './stage';

const CATCHER = join(import.meta.dirname, '../../tests/src/catcher.py');
/** The longest that a mail may take to come. */
const PATIENCE_MS = 20_000;

export interface Mail {
  to: string[];
  subject: string;
  text: string;
}

/** The code of a mail, alone on a line. */
export function codeIn(mail: Mail): string {
  let code = /^\s*([0-9A-Z]{4}-[0-9A-Z]{4})\s*$/m.exec(mail.text)?.[1];
  if (!code) throw new Error(`no code in « ${mail.subject} »`);
  return code;
}

/** Takes mails until it is closed. */
export class Mailbox {
  readonly smtp: string;
  #catcher: ChildProcess;
  #lines: AsyncIterator<string>;

  private constructor(catcher: ChildProcess, lines: AsyncIterator<string>, port: string) {
    this.#catcher = catcher;
    this.#lines = lines;
    this.smtp = `smtp://127.0.0.1:${port}`;
  }

  static async open(): Promise<Mailbox> {
    let env = { ...process.env, PYTHONPATH: fromEnvironment('E2E_SMTP') };
    let catcher = spawn('python3', [CATCHER], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    let lines = createInterface(catcher.stdout)[Symbol.asyncIterator]();
    let port = await lines.next();
    if (port.done) throw new Error('the SMTP server did not start');
    return new Mailbox(catcher, lines, port.value);
  }

  /** The next mail that comes, or came and was not looked at. */
  async next(): Promise<Mail> {
    let late = new Promise<never>((_, reject) => setTimeout(reject, PATIENCE_MS, new Error('no mail comes')).unref());
    let line = await Promise.race([this.#lines.next(), late]);
    if (line.done) throw new Error('the SMTP server is gone');
    return JSON.parse(line.value) as Mail;
  }

  /** It ends with its input. */
  close(): void {
    this.#catcher.stdin?.end();
  }
}

/** A journey whose server sends its mail to a mailbox of its own. */
export const test = base.extend<{ mailbox: Mailbox }>({
  mailbox: async ({ stage }, use) => {
    let mailbox = await Mailbox.open();
    stage.server.smtp = mailbox.smtp;
    await use(mailbox);
    mailbox.close();
  },
});
