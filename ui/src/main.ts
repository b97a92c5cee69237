// Where the screens start: the right host, then the app.
import { mount } from 'svelte';
import App from './App.svelte';
import { HOST } from './host/host';
import { loopbackHost } from './host/loopback';
import { isInShell, tauriHost } from './host/tauri';
import { NETWORK, Network } from './state/network.svelte';
import './style/tokens.css';
import './style/base.css';

let host = isInShell() ? tauriHost() : loopbackHost();
let target = document.getElementById('app');
if (target) {
  let network = new Network(host);
  mount(App, {
    target,
    context: new Map<symbol, unknown>([
      [HOST, host],
      [NETWORK, network],
    ]),
  });
}
