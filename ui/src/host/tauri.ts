// The engine inside the app's own process, through the shell's one door.
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Host } from './host';

/** True in the app's window. */
export function isInShell(): boolean {
  return '__TAURI_INTERNALS__' in window;
}

/** Hears one event of the shell; returns how to stop. */
function hear(event: string): Host['onchange'] {
  return (listener) => {
    let stop = listen(event, listener);
    return () => void stop.then((unlisten) => unlisten());
  };
}

const native = () => import('./native');

export function tauriHost(): Host {
  return {
    call: (command, args) => invoke('call', { command, args }),
    onchange: hear('changed'),
    onlink: hear('link'),
    scanner: async () => (await native()).codeScanner(invoke),
    saveFile: async (file) => (await native()).saveBy(invoke, file),
    deviceLock: async () => (await native()).deviceLock(invoke),
    prints: !/Android|iPhone/.test(navigator.userAgent),
  };
}
