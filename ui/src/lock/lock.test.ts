// The lock: what is hidden when, what opens it, and that it shuts nobody out.
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeHost } from '../host/fake';
import { around as contextOf } from '../host/fake-views';
import type { DeviceLock, Unlocked } from '../host/host';
import { guard, lock } from './guard.svelte';
import LockSetting from './LockSetting.svelte';

const LABEL = 'Demander mon empreinte ou mon visage à l’ouverture';
let isHidden = false;
let kept = false;

beforeEach(() => {
  isHidden = kept = false;
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => isHidden);
  document.body.innerHTML = '<div id="app"><h1 tabindex="-1">Mon espace</h1><input aria-label="Nom" /></div>';
});
afterEach(() => {
  lock.isOn = false;
  lock.open();
  vi.useRealTimers();
});

/** A phone that says this, one answer after the other. */
function phone(...answers: Unlocked[]): DeviceLock {
  return { isThere: () => Promise.resolve(true), unlock: () => Promise.resolve(answers.shift() ?? 'no') };
}

function host(deviceLock: DeviceLock) {
  return fakeHost({ device_lock: () => kept, set_device_lock: ({ on }) => (kept = on) }, { deviceLock });
}

function screens(): HTMLElement {
  let found = document.getElementById('app');
  if (!found) throw new Error('no screens');
  return found;
}

async function turn(hidden: boolean) {
  isHidden = hidden;
  await fireEvent(document, new Event('visibilitychange'));
}

test('where nobody wants it, nothing is covered and nothing is waited for', async () => {
  await guard(host(phone()), screens());
  await turn(true);
  expect(screens().hasAttribute('inert')).toBe(false);
});

test('at the start nothing is asked of the engine before the phone says yes', async () => {
  kept = true;
  let isOpen = vi.fn();
  void guard(host(phone('no', 'yes')), screens()).then(isOpen);
  let button = await screen.findByRole('button', { name: 'Déverrouiller' });
  expect(document.activeElement?.textContent).toBe('Application verrouillée');
  expect(screens().hasAttribute('inert')).toBe(true);

  await userEvent.click(button);
  expect((await screen.findByRole('status')).textContent).toContain('n’a pas dit oui');
  expect(isOpen).not.toHaveBeenCalled();

  await userEvent.click(button);
  await waitFor(() => expect(isOpen).toHaveBeenCalled());
  expect(screen.queryByText('Application verrouillée')).toBeNull();
  expect(screens().hasAttribute('inert')).toBe(false);
  expect(document.activeElement?.textContent).toBe('Mon espace');
});

test('who comes back within a minute goes on where they were; later, the phone is asked again', async () => {
  await guard(host(phone('yes')), screens());
  lock.isOn = true;
  vi.useFakeTimers({ toFake: ['Date'] });
  screen.getByLabelText('Nom').focus();
  await turn(true);
  expect(screens().hasAttribute('inert')).toBe(true);
  vi.setSystemTime(Date.now() + 59_000);
  await turn(false);
  expect(screens().hasAttribute('inert')).toBe(false);
  expect(document.activeElement).toBe(screen.getByLabelText('Nom'));

  await turn(true);
  vi.setSystemTime(Date.now() + 61_000);
  await turn(false);
  expect(screens().hasAttribute('inert')).toBe(true);
  // The system's own question hides the app for a moment: that opens nothing.
  await turn(true);
  await turn(false);
  await userEvent.click(screen.getByRole('button', { name: 'Déverrouiller' }));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Nom')));
});

test('a clock that was put back does not open', async () => {
  await guard(host(phone()), screens());
  lock.isOn = true;
  vi.useFakeTimers({ toFake: ['Date'] });
  await turn(true);
  vi.setSystemTime(Date.now() - 3_600_000);
  await turn(false);
  expect(screen.getByText('Application verrouillée')).toBeTruthy();
});

test('a phone that lost its lock opens, says so, and is asked no more', async () => {
  kept = true;
  let isOpen = vi.fn();
  void guard(host(phone('absent')), screens()).then(isOpen);
  await userEvent.click(await screen.findByRole('button', { name: 'Déverrouiller' }));
  expect((await screen.findByRole('status')).textContent).toContain('ne se verrouille plus');
  await userEvent.click(screen.getByRole('button', { name: 'Continuer' }));
  await waitFor(() => expect(isOpen).toHaveBeenCalled());
  expect(kept).toBe(false);
  await turn(true);
  expect(screens().hasAttribute('inert')).toBe(false);
});

test('an engine that does not open locks nobody out of its sentence', async () => {
  await guard(fakeHost({}), screens());
  expect(screens().hasAttribute('inert')).toBe(false);
});

test('it is turned on only once the phone has said yes, and off without asking', async () => {
  render(LockSetting, { context: contextOf(host(phone('no', 'yes'))) });
  let box = await screen.findByRole<HTMLInputElement>('checkbox', { name: LABEL });
  expect(box.checked).toBe(false);
  await userEvent.click(box);
  expect((await screen.findByRole('status')).textContent).toContain('rien n’est changé');
  expect([box.checked, kept, lock.isOn]).toEqual([false, false, false]);
  await userEvent.click(box);
  await waitFor(() => expect([box.checked, kept, lock.isOn]).toEqual([true, true, true]));
  await userEvent.click(box);
  await waitFor(() => expect([box.checked, kept, lock.isOn]).toEqual([false, false, false]));
});

test('it is not offered where the phone knows nobody, nor at a stand', async () => {
  let nobody = { ...phone(), isThere: () => Promise.resolve(false) };
  render(LockSetting, { context: contextOf(host(nobody)) });
  render(LockSetting, { context: contextOf(fakeHost({}, { deviceLock: phone() })) });
  await Promise.resolve();
  expect(screen.queryByRole('checkbox')).toBeNull();
});
