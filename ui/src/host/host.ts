// What a screen may ask of the engine, whoever carries the question.
import { getContext } from 'svelte';
import type { Commands, Trouble } from './commands.gen';

export type Command = keyof Commands;
export type Args<C extends Command> = Commands[C]['args'];
export type Answer<C extends Command> = Commands[C]['answer'];

/** The engine, behind a window's bridge, a loopback address or a test. */
export interface Host {
  /** Asks once. Rejects with an [`AnyTrouble`]. */
  call<C extends Command>(command: C, args: Args<C>): Promise<Answer<C>>;
  /** Tells when something changed that no screen asked for; returns how to stop. */
  onchange(listener: () => void): () => void;
  /** Tells when the link of a mail was opened on this phone; returns how to stop. */
  onlink(listener: () => void): () => void;
  /** The phone's own code reader; null where there is none for sure. */
  scanner(): Promise<CodeScanner | null>;
  /** Lets the person keep a file. Always answers. */
  saveFile(file: FileToSave): Promise<Saved>;
  /** What the phone knows its person by. */
  deviceLock(): Promise<DeviceLock>;
  /** Whether the window prints: a phone's web view does not. */
  readonly prints: boolean;
}

/** A file for the person to keep. Its name says nothing of anybody. */
export interface FileToSave {
  name: `passregion${string}.${'pdf' | 'json' | 'jpg'}`;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Where it is now: `at` a path, among the browser's `downloads`, where the person `chosen`; or that it is nowhere, and why. */
export type Saved = { at: string } | 'downloads' | 'chosen' | 'left' | 'full' | 'failed' | 'silent';

/** What came of asking who holds the phone: it said `yes`, it did not, or it has nothing left to ask for. */
export type Unlocked = 'yes' | 'no' | 'absent';

/** Finger, face, or the code of the phone. Always answers. */
export interface DeviceLock {
  /** Whether the phone knows a finger or a face. */
  isThere(): Promise<boolean>;
  unlock(): Promise<Unlocked>;
}

/** What came of one try: a code, `nothing` in time, `refused` by the person, `absent` here, `left` by whoever tried. */
export type Scanned = { code: string } | 'nothing' | 'refused' | 'absent' | 'left';

/** Reads one code and stops. Always answers: whatever reads nothing is followed by the web view's camera. */
export interface CodeScanner {
  once(signal: AbortSignal, onlive: () => void): Promise<Scanned>;
  /** Shows the app's page in the settings of the phone. */
  openSettings(): void;
}

/** A trouble of the engine, or the engine's silence. */
export type AnyTrouble = Trouble | { code: 'no_answer' };

export const HOST = Symbol('host');

/** The host of this window. Only screens use it. */
export function useHost(): Host {
  return getContext<Host>(HOST);
}

/** Reads whatever a host rejected with; what is not a trouble is silence. */
export function asTrouble(thrown: unknown): AnyTrouble {
  let isTrouble = typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string';
  return isTrouble ? (thrown as AnyTrouble) : { code: 'no_answer' };
}
