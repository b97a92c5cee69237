// The engine behind the address that served this page: for a browser, never shipped.
import { download } from './download';
import type { Answer, Host } from './host';

export function loopbackHost(): Host {
  return {
    async call<C extends Parameters<Host['call']>[0]>(command: C, args: unknown) {
      let response = await fetch('/call', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ command, args }),
      });
      let body: unknown = await response.json();
      if (!response.ok) throw body;
      return body as Answer<C>;
    },
    onchange(listener) {
      let events = new EventSource('/events');
      events.onmessage = listener;
      return () => events.close();
    },
    // Links are opened by a phone's system, and here at the start alone.
    onlink: () => () => {},
    scanner: () => Promise.resolve(null),
    saveFile: download,
    deviceLock: () => Promise.resolve({ isThere: () => Promise.resolve(false), unlock: () => Promise.resolve('absent') }),
    prints: true,
  };
}
