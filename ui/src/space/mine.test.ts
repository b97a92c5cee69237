// The landing and my space: what is there, what is deleted, what comes back.
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DraftSummary } from '../host/commands.gen';
import { fakeHost, type Answers } from '../host/fake';
import { around, cardView, draftView, homeView, KEPT_AT } from '../host/fake-views';
import { router } from '../state/router.svelte';
import Landing from './Landing.svelte';
import Space from './Space.svelte';

const LINA: DraftSummary = { draft: 'd1', title: 'Lina Moreau', state: 'draft', changed_at_ms: KEPT_AT, next_step: 'school', damaged: false };
const UNNAMED: DraftSummary = { ...LINA, draft: 'd2', title: null };
const INES: DraftSummary = { ...LINA, draft: 'd3', title: 'Inès Benali', state: 'ready' };
const NOE: DraftSummary = { ...LINA, draft: 'd4', title: 'Noé Fontaine', state: 'accepted' };

beforeEach(() => {
  history.replaceState({ depth: 0, scroll: 0 }, '', '#/');
  router.go({ name: 'landing' }, { replace: true });
});
afterEach(() => vi.useRealTimers());

/** A phone whose list really loses and finds again. */
function open(component: typeof Landing, drafts: DraftSummary[], answers: Answers = {}) {
  let kept = drafts;
  let host = fakeHost({
    home: () => homeView({ drafts: kept }),
    discard_draft: ({ draft }) => homeView({ drafts: (kept = kept.filter((it) => it.draft !== draft)) }),
    restore_draft: () => homeView({ drafts: (kept = drafts) }),
    ...answers,
  });
  render(component, { context: around(host) });
  return host;
}

test('a draft is deleted at once, and « Annuler » brings it back with the focus on it', async () => {
  let host = open(Landing, [LINA, UNNAMED]);
  await userEvent.click(await screen.findByRole('button', { name: 'Supprimer la demande de Lina Moreau' }));

  let notice = (await screen.findByText('Demande supprimée.')).closest<HTMLElement>('[role=status]');
  expect(screen.queryByText('Lina Moreau')).toBeNull();
  let undo = within(notice ?? document.body).getByRole('button', { name: 'Annuler' });
  await vi.waitFor(() => expect(document.activeElement).toBe(undo));

  await userEvent.click(undo);
  let row = await screen.findByRole('button', { name: /^Lina Moreau/ });
  await vi.waitFor(() => expect(document.activeElement).toBe(row));
  expect(screen.queryByText('Demande supprimée.')).toBeNull();
  expect(host.asked).toContainEqual({ command: 'restore_draft', args: { draft: 'd1' } });
});

test('the way back stays ten seconds at least, and as long as it holds the focus', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  open(Landing, [LINA]);
  let user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
  await user.click(await screen.findByRole('button', { name: /Supprimer/ }));
  await screen.findByText('Demande supprimée.');

  await vi.advanceTimersByTimeAsync(60_000);
  expect(screen.getByText('Demande supprimée.')).toBeTruthy();
  await user.tab();
  await vi.waitFor(() => expect(screen.queryByText('Demande supprimée.')).toBeNull());
});

test('left alone, the way back goes after ten seconds and not before', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  open(Landing, [LINA]);
  let user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
  await user.click(await screen.findByRole('button', { name: /Supprimer/ }));
  (await screen.findByRole('button', { name: 'Annuler' })).blur();

  await vi.advanceTimersByTimeAsync(10_000);
  expect(screen.getByText('Demande supprimée.')).toBeTruthy();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(screen.queryByText('Demande supprimée.')).toBeNull();
});

test('what was deposited cannot be deleted, and an engine that refuses says why', async () => {
  open(Landing, [UNNAMED, INES, NOE], {
    discard_draft: () => {
      throw { code: 'awaits_receipt' };
    },
  });
  let only = await screen.findAllByRole('button', { name: /^Supprimer/ });
  expect(only.map((it) => it.getAttribute('aria-label'))).toEqual(['Supprimer la demande sans nom']);
  await userEvent.click(screen.getByRole('button', { name: 'Supprimer la demande sans nom' }));
  expect((await screen.findByRole('alert')).textContent).toMatch(/récépissé/);
  expect(screen.getByText('Demande sans nom')).toBeTruthy();
});

test('a draft opens at its next step, above the steps already done', async () => {
  open(Landing, [LINA], { draft: () => draftView() });
  await userEvent.click(await screen.findByRole('button', { name: /^Lina Moreau/ }));
  await vi.waitFor(() => expect(router.screen).toEqual({ name: 'form', draft: 'd1', step: 'school', fromCheck: false }));
  expect((history.state as { depth: number }).depth).toBe(5);
});

test('the landing leads to every part of the app, and to my space when there is more to see', async () => {
  open(Landing, [LINA, UNNAMED, INES, NOE]);
  expect(await screen.findByRole('link', { name: 'Tout voir (4)' })).toBeTruthy();
  expect(screen.queryByText('Noé Fontaine')).toBeNull();
  let entries = [
    ['Mon espace', { name: 'space' }],
    ['Partenaires près de moi', { name: 'around', kind: 'partners' }],
    ['Bons plans', { name: 'around', kind: 'deals' }],
    ['Questions fréquentes', { name: 'faq' }],
    ['À propos', { name: 'about' }],
  ] as const;
  for (let [name, to] of entries) {
    await userEvent.click(screen.getByRole('link', { name }));
    expect(router.screen).toEqual(to);
  }
});

test('a first visit says what is needed; a home that cannot be read says so and can be tried again', async () => {
  let isBroken = true;
  open(Landing, [], {
    home: () => {
      if (isBroken) throw { code: 'storage' };
      return homeView();
    },
  });
  expect(await screen.findByRole('alert')).toBeTruthy();
  isBroken = false;
  await userEvent.click(screen.getByRole('button', { name: 'Réessayer' }));
  expect(await screen.findByText(/ton adresse mail/)).toBeTruthy();
});

test('my space shows the current card first, then every dossier with its state', async () => {
  open(Space, [LINA, NOE], { card: () => cardView({ name: 'Noé FONTAINE' }) });
  let mine = await screen.findByRole('region', { name: 'Ma carte' });
  expect(mine.textContent).toMatch(/Noé FONTAINE.*Active/);
  expect(screen.getAllByRole('heading', { level: 2 }).map((it) => it.textContent)).toEqual(['Ma carte', 'Mes demandes']);
  expect(screen.getByRole('button', { name: /^Noé Fontaine/ }).textContent).toContain('acceptée');
  await userEvent.click(screen.getByRole('button', { name: 'Voir ma carte' }));
  expect(router.screen).toEqual({ name: 'card', draft: 'd4' });
});

test('an empty space says what to do', async () => {
  open(Space, []);
  expect(await screen.findByText(/Dépose ta demande/)).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Déposer une demande' })).toBeTruthy();
});

test('a damaged draft is called so, says what to do, and leaves the others alone', async () => {
  let damaged = { ...UNNAMED, damaged: true };
  open(Landing, [damaged, LINA], {
    draft: ({ draft }) => {
      if (draft === damaged.draft) throw { code: 'damaged' };
      return draftView();
    },
  });
  await userEvent.click(await screen.findByRole('button', { name: /brouillon, abîmée/ }));
  expect((await screen.findByRole('alert')).textContent).toMatch(/reste sur ce téléphone.*redemande à la Région/);
  expect(screen.getByRole('heading', { name: 'Une demande est abîmée' })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: /^Lina Moreau/ }));
  await vi.waitFor(() => expect(router.screen).toMatchObject({ name: 'form', draft: 'd1' }));
});

test('mended data is said until it is understood', async () => {
  let host = open(Landing, [LINA], { home: () => homeView({ drafts: [LINA], mended: true }), close_notice: () => homeView({ drafts: [LINA] }) });
  expect(await screen.findByRole('heading', { name: 'Ce téléphone a perdu des données' })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'J’ai compris' }));
  expect(screen.queryByText('Ce téléphone a perdu des données')).toBeNull();
  expect(host.asked.some((it) => it.command === 'close_notice')).toBe(true);
});

test('a store of a newer app asks for the newer app, and says that nothing is lost', async () => {
  open(Landing, [], {
    home: () => {
      throw { code: 'newer_database' };
    },
  });
  let alert = await screen.findByRole('alert');
  expect(within(alert).getByRole('heading', { name: 'Mise à jour nécessaire' })).toBeTruthy();
  expect(alert.textContent).toContain('Rien n’est perdu');
});
