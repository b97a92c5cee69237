// A student's phone and a stand: the ticket, the draft that goes there, the list of the tablet.
import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import App from '../App.svelte';
import { fakeHost, type Answers } from '../host/fake';
import { around, codeView, draftView, homeView, KEPT_AT } from '../host/fake-views';
import { lineView, standHost, standView } from '../host/fake-stand';
import { router, type Screen } from '../state/router.svelte';
import { Pace } from './pace.svelte';

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  history.replaceState({ depth: 0, scroll: 0 }, '', '#/');
});

function open(at: Screen, answers: Answers) {
  let drafts = [{ draft: 'd1', title: 'Lina Moreau', state: 'draft' as const, changed_at_ms: KEPT_AT, next_step: 'identity' as const, damaged: false }];
  let host = fakeHost({ home: () => homeView({ drafts }), stand: () => standView({ set_up: null, mode: { name: 'phone' } }), claims: () => [], ...answers });
  router.go(at);
  render(App, { context: around(host) });
  return host;
}

async function write(label: string, text: string, act: string) {
  let line = await screen.findByLabelText(label);
  await userEvent.clear(line);
  await userEvent.type(line, text);
  await userEvent.click(screen.getByRole('button', { name: act }));
}

test('a ticket whose dossier is still on the tablet says that it comes by itself', async () => {
  open({ name: 'stand', part: 'claim' }, { claim: () => ({ dossier: 'd9', waits: true }) });
  await write('Code du ticket', 'PRC1:ABC', 'Reprendre ma demande');
  expect(await screen.findByRole('heading', { level: 1, name: 'Ta demande arrive' })).toBeTruthy();
  expect(screen.getByRole('status').textContent).toContain('encore sur la tablette du stand');
});

test('a ticket that is none is refused in words, and one that the Region knows opens its dossier', async () => {
  let isRefused = true;
  open({ name: 'stand', part: 'claim' }, {
    claim: () => {
      if (isRefused) throw { code: 'stand', refusal: { why: 'not_a_claim' } };
      return { dossier: 'd9', waits: false };
    },
    draft: () => draftView({ draft: 'd9', state: 'received' }),
  });
  await write('Code du ticket', 'PR1:ABC', 'Reprendre ma demande');
  expect((await screen.findByRole('alert')).textContent).toContain('pas le code d’une demande');
  isRefused = false;
  await write('Code du ticket', 'PRC1:ABC', 'Reprendre ma demande');
  await waitFor(() => expect(router.screen).toEqual({ name: 'dossier', draft: 'd9' }));
});

test('a draft is shown as codes that turn by themselves, stop at a tap, and turn at another', async () => {
  open({ name: 'stand', part: 'phone' }, { handover: () => ({ codes: [codeView({ code: 'PRH1:A' }), codeView({ code: 'PRH1:B' })] }) });
  await userEvent.click(await screen.findByRole('link', { name: 'Lina Moreau' }));
  expect(await screen.findByText('Code 1 sur 2')).toBeTruthy();
  expect(await screen.findByText('Code 2 sur 2', {}, { timeout: 2_000 })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Arrêter' }));
  await userEvent.click(screen.getByRole('button', { name: 'Code suivant' }));
  expect(screen.getByText('Code 1 sur 2')).toBeTruthy();
});

test('codes are taken in any order until the draft is here', async () => {
  let have = 0;
  open({ name: 'stand', part: 'take' }, {
    take_handover: () => ({ have: ++have, of: 2, draft: have === 2 ? draftView({ draft: 'd7' }) : null }),
    draft: () => draftView({ draft: 'd7' }),
    charter: () => ({ version: '1', title: 'Charte', text: 'x', hash: 'ab' }),
  });
  await write('Code collé', 'PRH1:B', 'Ajouter ce code');
  expect(await screen.findByText(/^1.code sur 2$/)).toBeTruthy();
  await write('Code collé', 'PRH1:A', 'Ajouter ce code');
  await waitFor(() => expect(router.screen).toMatchObject({ name: 'form', draft: 'd7' }));
});

test('a finished dossier is found by the end of its number or by initials, on any page, and done once more', async () => {
  let { host } = standHost({}, {
    stand_list: ({ after }) =>
      after === null
        ? { lines: [lineView({ line: 2, number: 'AAAA-BBBB-CC1', initials: 'KB' })], next: 2 }
        : { lines: [lineView({ line: 1 }), lineView({ line: 0, redone: true })], next: null },
    stand_redo: () => draftView(),
  });
  render(App, { context: around(host) });
  await userEvent.click(await screen.findByRole('button', { name: 'Dossiers terminés' }));
  await userEvent.type(await screen.findByLabelText('Fin du numéro, ou initiales'), 'ct5');
  expect(await screen.findAllByText('4K7Q-2MZ9-CT5')).toHaveLength(2);
  expect(screen.queryByText('AAAA-BBBB-CC1')).toBeNull();
  let [redo, ...others] = screen.getAllByRole('button', { name: /^Refaire/ });
  expect(others).toEqual([]);
  if (redo) await userEvent.click(redo);
  await userEvent.click(await screen.findByRole('button', { name: 'Refaire avec l’élève' }));
  expect(await screen.findByRole('heading', { level: 1, name: /^À toi/ })).toBeTruthy();
  expect(host.asked).toContainEqual({ command: 'stand_redo', args: { line: 1 } });
});

test('how long the rest takes is told from what was seen, and from nothing else', () => {
  let pace = new Pace();
  pace.take(100, 0);
  expect(pace.minutes).toBeNull();
  pace.take(90, 60_000);
  expect(pace.minutes).toBe(9);
  pace.take(2, 600_000);
  expect(pace.minutes).toBe(0);
  pace.take(0, 700_000);
  expect(pace.minutes).toBeNull();
});
