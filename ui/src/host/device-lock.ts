// The phone's own lock behind an interface that always answers: its plugin shows the system's question, and may stay silent.
import { lock as words } from '../wording/lock';
import type { DeviceLock, Unlocked } from './host';
import { ANSWER_MS, codeOf, KNOWN_MS, within, type Ask } from './within';

const PLUGIN = 'plugin:biometric|';
/** The code of the phone is asked for too: who has neither it nor a finger has nothing to ask for. */
const NOTHING_LEFT: unknown[] = ['passcodeNotSet', 'biometryNotEnrolled'];

/** A window without the plugin is refused with a sentence, not with a code. */
function isNothingLeft(refusal: unknown): boolean {
  return typeof refusal === 'string' || NOTHING_LEFT.includes(codeOf(refusal));
}

export function deviceLock(ask: Ask): DeviceLock {
  async function isThere(): Promise<boolean> {
    let status = await within(KNOWN_MS, ask(`${PLUGIN}status`), null);
    return typeof status === 'object' && status !== null && 'isAvailable' in status && status.isAvailable === true;
  }
  function unlock(): Promise<Unlocked> {
    let asked = ask(`${PLUGIN}authenticate`, { ...words.system, allowDeviceCredential: true });
    let told = asked.then((): Unlocked => 'yes', (refusal): Unlocked => (isNothingLeft(refusal) ? 'absent' : 'no'));
    return within(ANSWER_MS, told, 'no');
  }
  return { isThere, unlock };
}
