// The phone's own code reader (ML Kit, AVFoundation) behind an interface that always answers: by itself
// it stays silent for ever where there is no camera, or no model to read with.
import type { CodeScanner, Scanned } from './host';
import { ANSWER_MS, KNOWN_MS, within, type Ask } from './within';

const PLUGIN = 'plugin:barcode-scanner|';
/** A code is read in a second or two; after this long the web view's camera has its turn. */
const MOST_MS = 20_000;

function camera(answer: unknown): string | null {
  return typeof answer === 'object' && answer !== null && 'camera' in answer ? String(answer.camera) : null;
}

function content(answer: unknown): string | null {
  return typeof answer === 'object' && answer !== null && 'content' in answer && typeof answer.content === 'string' ? answer.content : null;
}

/** A window without the plugin has no reader: its first question is refused at once. */
export function codeScanner(ask: Ask): CodeScanner {
  async function once(signal: AbortSignal, onlive: () => void): Promise<Scanned> {
    let allowed = camera(await within(KNOWN_MS, ask(`${PLUGIN}check_permissions`), null));
    if (!allowed) return 'absent';
    if (allowed !== 'granted') allowed = camera(await within(ANSWER_MS, ask(`${PLUGIN}request_permissions`), null, signal));
    if (signal.aborted) return 'left';
    if (allowed !== 'granted') return 'refused';
    onlive();
    // Below the page, which is transparent where the picture shall be seen: its way back stays in reach.
    let reading = ask(`${PLUGIN}scan`, { windowed: true, cameraDirection: 'back', formats: ['QR_CODE'] });
    let code = content(await within(MOST_MS, reading, null, signal));
    // It stops by itself at a code only.
    if (code === null) await within(KNOWN_MS, ask(`${PLUGIN}cancel`), null);
    if (code !== null) return { code };
    return signal.aborted ? 'left' : 'nothing';
  }
  return { once, openSettings: () => void within(KNOWN_MS, ask(`${PLUGIN}open_app_settings`), null) };
}
