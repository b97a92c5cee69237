// Where the screens start: the right host, then the app.
import { mount } from 'svelte';
import App from './App.svelte';
import { HOST, type Host } from './host/host';
import { isInShell, tauriHost } from './host/tauri';
import { NETWORK, Network } from './state/network.svelte';
import './style/tokens.css';
import './style/base.css';

/** Nothing of anybody reaches a screen before the phone has said who holds it, where that is wanted. */
function guarded(host: Host, screens: HTMLElement): Host {
  let opened = import('./lock/guard.svelte').then(({ guard }) => guard(host, screens));
  return { ...host, call: (command, args) => opened.then(() => host.call(command, args)) };
}

function start(host: Host, target: HTMLElement): void {
  let network = new Network(host);
  mount(App, {
    target,
    context: new Map<symbol, unknown>([
      [HOST, host],
      [NETWORK, network],
    ]),
  });
}

let target = document.getElementById('app');
if (target && isInShell()) start(guarded(tauriHost(), target), target);
else if (target) void import('./host/loopback').then(({ loopbackHost }) => start(loopbackHost(), target));
