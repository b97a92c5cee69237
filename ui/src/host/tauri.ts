// The engine inside the app's own process, through the shell's one door.
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Host } from './host';

/** True in the app's window. */
export function isInShell(): boolean {
  return '__TAURI_INTERNALS__' in window;
}

export function tauriHost(): Host {
  return {
    call: (command, args) => invoke('call', { command, args }),
    onchange(listener) {
      let stop = listen('changed', listener);
      return () => void stop.then((unlisten) => unlisten());
    },
  };
}
