// An engine for tests: each command answers what the test says.
import type { Answer, Args, CodeScanner, Command, DeviceLock, FileToSave, Host, Saved } from './host';

export type Answers = { [C in Command]?: (args: Args<C>) => Answer<C> | Promise<Answer<C>> };

export interface FakeHost extends Host {
  /** Every question so far, in order. */
  asked: { command: Command; args: unknown }[];
  /** Plays the engine's « something changed ». */
  change(): void;
  /** Plays a link that was opened in a mail. */
  openLink(): void;
}

/** What a phone has of its own; else nothing. */
export interface Native {
  scanner?: CodeScanner;
  saveFile?: (file: FileToSave) => Promise<Saved>;
  deviceLock?: DeviceLock;
}

export function fakeHost(answers: Answers, { scanner, saveFile, deviceLock }: Native = {}): FakeHost {
  let [listeners, links] = [new Set<() => void>(), new Set<() => void>()];
  let asked: FakeHost['asked'] = [];
  return {
    asked,
    async call<C extends Command>(command: C, args: Args<C>) {
      asked.push({ command, args });
      let answer = answers[command];
      if (!answer) throw { code: 'unknown_command' };
      return answer(args);
    },
    onchange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onlink(listener) {
      links.add(listener);
      return () => links.delete(listener);
    },
    scanner: () => Promise.resolve(scanner ?? null),
    saveFile: saveFile ?? (() => Promise.resolve('failed')),
    deviceLock: () => Promise.resolve(deviceLock ?? { isThere: () => Promise.resolve(false), unlock: () => Promise.resolve('absent') }),
    prints: true,
    change: () => listeners.forEach((listener) => listener()),
    openLink: () => links.forEach((listener) => listener()),
  };
}
