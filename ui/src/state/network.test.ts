// What is told of the network, and what the network is told.
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { fakeHost } from '../host/fake';
import { around, homeView, syncView } from '../host/fake-views';
import Landing from '../space/Landing.svelte';
import { watchMetered } from './metered';
import { NETWORK, Network } from './network.svelte';

/** A connection as some web views have it. */
class Connection extends EventTarget {
  saveData = false;
  type = 'wifi';
}

test('the kind of network is told once at the start, and when it changes', () => {
  let connection = new Connection();
  let tell = vi.fn();
  let stop = watchMetered(tell, { connection } as unknown as Navigator);
  expect(tell.mock.calls).toEqual([[false]]);
  let change = () => connection.dispatchEvent(new Event('change'));
  change();
  connection.type = 'cellular';
  change();
  connection.saveData = true;
  change();
  connection.type = 'wifi';
  change();
  connection.saveData = false;
  change();
  expect(tell.mock.calls).toEqual([[false], [true], [false]]);
  stop();
  connection.saveData = true;
  change();
  expect(tell).toHaveBeenCalledTimes(3);
});

test('a web view that knows nothing of its connection is not metered', () => {
  let tell = vi.fn();
  watchMetered(tell, {} as Navigator);
  expect(tell.mock.calls).toEqual([[false]]);
});

test('a metered network says that photos wait, and sends them when it is told to', async () => {
  let sync = syncView({ metered: true, held_photos: 1 });
  let host = fakeHost({ home: () => homeView({ sync }), sync: () => (sync = syncView({ metered: true })) });
  render(Landing, { context: around(host).set(NETWORK, new Network(host)) });
  expect(await screen.findByText(/ta photo attend le Wi-Fi/)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Envoyer maintenant' }));
  expect(host.asked.some((it) => it.command === 'sync')).toBe(true);
  await expect.poll(() => screen.queryByText(/ta photo attend/)).toBeNull();
});

test('a long round says how far it is, aloud only once somebody reads it', async () => {
  let host = fakeHost({ home: () => homeView({ sync: syncView({ sending: { done: 3, total: 12 } }) }) });
  render(Landing, { context: around(host).set(NETWORK, new Network(host)) });
  let line = await screen.findByText('Envoi 3 sur 12');
  expect(line.closest('[role=status], [aria-live]')).toBeNull();
});
