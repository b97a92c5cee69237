// The bridge of the shell, played in front of the loopback engine: the screens take themselves for an app's.
import type { Page } from '@playwright/test';

/** What the phone's own reader does, by the name of its commands. */
export interface Reader {
  camera: 'granted' | 'denied';
  /** What is read; null is a reader that never answers. */
  code: string | null;
}

/** Before the page is opened. Without a reader its plugin is missing, as in a window. */
export async function playBridge(page: Page, reader: Reader | null): Promise<void> {
  await page.addInitScript((reader) => {
    let handlers: ((event: unknown) => void)[] = [];
    let heard: { event: string; handler: number }[] = [];
    let asked: string[] = [];
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
        tell: (event: string) => heard.filter((it) => it.event === event).forEach((it) => handlers[it.handler]?.({ event, id: 0, payload: null })),
      },
    });
  }, reader);
}

/** The commands that the screens have asked for so far. */
export function asked(page: Page): Promise<string[]> {
  // @ts-expect-error put there by `playBridge`
  return page.evaluate(() => window.bridge.asked as string[]);
}

/** The system hands the link of a mail to the app; whether it is one of ours. */
export async function openLink(page: Page, address: string): Promise<boolean> {
  let isOurs = await page.evaluate(async (body) => (await fetch('/open', { method: 'POST', body })).ok, address);
  // @ts-expect-error put there by `playBridge`
  if (isOurs) await page.evaluate(() => window.bridge.tell('link'));
  return isOurs;
}
