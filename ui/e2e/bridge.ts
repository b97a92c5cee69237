// The bridge of the shell, played in front of the loopback engine: the screens take themselves for an app's.
import type { Page } from '@playwright/test';

/** What the phone's own reader does, by the name of its commands. */
export interface Reader {
  camera: 'granted' | 'denied';
  /** What is read; null is a reader that never answers. */
  code: string | null;
}

/** What else it does, one answer after the other; the last one stays. */
export interface Own {
  /** Asked who holds it: null for its person, or the code that it refuses with. */
  unlocks?: (string | null)[];
  /** Given a file to save: where it is. */
  saves?: unknown[];
}

/** Before the page is opened. What is not played is missing, as in a window. */
export async function playBridge(page: Page, reader: Reader | null, own: Own = {}): Promise<void> {
  await page.addInitScript(({ reader, own }) => {
    let handlers: ((event: unknown) => void)[] = [];
    let heard: { event: string; handler: number }[] = [];
    let asked: string[] = [];
    let files: Record<string, unknown>[] = [];
    let answers: Record<string, (args: Record<string, unknown>) => unknown> = {
      async call({ command, args }) {
        let response = await fetch('/call', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ command, args }) });
        let body: unknown = await response.json();
        if (!response.ok) throw body;
        return body;
      },
      'plugin:event|listen': ({ event, handler }) => heard.push({ event: String(event), handler: Number(handler) }),
      'plugin:event|unlisten': () => null,
    };
    if (reader) {
      let camera = { camera: reader.camera };
      Object.assign(answers, {
        'plugin:barcode-scanner|check_permissions': () => camera,
        'plugin:barcode-scanner|request_permissions': () => camera,
        'plugin:barcode-scanner|scan': () => (reader.code === null ? new Promise(() => {}) : { content: reader.code }),
        'plugin:barcode-scanner|cancel': () => null,
        'plugin:barcode-scanner|open_app_settings': () => null,
      });
    }
    let next = <T>(all: T[]) => (all.length > 1 ? all.shift() : all[0]) as T;
    let { unlocks, saves } = own;
    if (saves) answers.save_file = (file) => (files.push(file), next(saves));
    if (unlocks) {
      answers['plugin:biometric|status'] = () => ({ isAvailable: true, biometryType: 1 });
      answers['plugin:biometric|authenticate'] = () => {
        let code = next(unlocks);
        if (code) throw { message: 'refused', code };
      };
    }
    Object.assign(window, {
      __TAURI_INTERNALS__: {
        transformCallback: (handler: (event: unknown) => void) => handlers.push(handler) - 1,
        async invoke(command: string, args: Record<string, unknown> = {}) {
          asked.push(command);
          let answer = answers[command];
          if (!answer) throw `${command} not found`;
          return answer(args);
        },
      },
      __TAURI_EVENT_PLUGIN_INTERNALS__: { unregisterListener: () => {} },
      bridge: {
        asked,
        files,
        tell: (event: string) => heard.filter((it) => it.event === event).forEach((it) => handlers[it.handler]?.({ event, id: 0, payload: null })),
      },
    });
  }, { reader, own });
}

/** The commands that the screens have asked for so far. */
export function asked(page: Page): Promise<string[]> {
  // @ts-expect-error put there by `playBridge`
  return page.evaluate(() => window.bridge.asked as string[]);
}

/** The files that the screens have handed over to be saved. */
export function handedOver(page: Page): Promise<{ name: string; base64: string }[]> {
  // @ts-expect-error put there by `playBridge`
  return page.evaluate(() => window.bridge.files as { name: string; base64: string }[]);
}

/** The app goes out of sight, and comes back after so many seconds. */
export async function leaveFor(page: Page, seconds: number): Promise<void> {
  await page.evaluate((seconds) => {
    let [now, hidden] = [Date.now(), true];
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
    hidden = false;
    Date.now = () => now + seconds * 1000;
    document.dispatchEvent(new Event('visibilitychange'));
  }, seconds);
}

/** The system hands the link of a mail to the app; whether it is one of ours. */
export async function openLink(page: Page, address: string): Promise<boolean> {
  let isOurs = await page.evaluate(async (body) => (await fetch('/open', { method: 'POST', body })).ok, address);
  // @ts-expect-error put there by `playBridge`
  if (isOurs) await page.evaluate(() => window.bridge.tell('link'));
  return isOurs;
}
