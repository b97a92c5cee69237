// A file for the person to keep. No web view of a phone saves one by itself: the shell does, where the person says.
import type { FileToSave, Saved } from './host';
import { ANSWER_MS, codeOf, within, type Ask } from './within';

/** As text, which is all that Android's bridge carries; piece by piece, as a call takes no more arguments. */
function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

/** By the shell: it may show the system's own screen, and the person takes their time there. */
export function saveBy(ask: Ask, { name, bytes }: FileToSave): Promise<Saved> {
  let saved = ask('save_file', { name, base64: base64(bytes) }) as Promise<Saved>;
  let told = saved.catch((refusal): Saved => (codeOf(refusal) === 'disk_full' ? 'full' : 'failed'));
  return within(ANSWER_MS, told, 'silent');
}
