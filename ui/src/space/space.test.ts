// After the deposit: number, states, card and duplicate.
import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import type { BenefitsView, CardView, DraftView } from '../host/commands.gen';
import { fakeHost } from '../host/fake';
import { around, cardView, codeView, correctionView, depositView, draftView, duplicateView, homeView, KEPT_AT } from '../host/fake-views';
import App from '../App.svelte';
import { router } from '../state/router.svelte';

beforeEach(() => {
  history.replaceState({ depth: 0, scroll: 0 }, '', '#/');
});

function openDossier(view: DraftView) {
  let current = view;
  let host = fakeHost({ home: () => homeView(), draft: () => current, reveal_number: () => ({ number: '4K7Q-2MZ9-CT5' }) });
  router.go({ name: 'dossier', draft: 'd1' });
  render(App, { context: around(host) });
  return { host, become: (next: DraftView) => ((current = next), host.change()) };
}

test('a deposit without network shows the number at a tap and says that it is kept here', async () => {
  openDossier(draftView({ state: 'ready', deposit: depositView() }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Ta demande est déposée' })).toBeTruthy();
  expect(screen.getByText('Gardé sur ce téléphone. Ta demande partira dès que tu auras du réseau.')).toBeTruthy();
  expect(screen.getByText('••••-••••-CT5')).toBeTruthy();
  expect(screen.queryByText('4K7Q-2MZ9-CT5')).toBeNull();

  await userEvent.click(screen.getByRole('button', { name: 'Afficher le numéro' }));
  expect(await screen.findByText('4K7Q-2MZ9-CT5')).toBeTruthy();
});

test('« reçu » is said only once the receipt is there', async () => {
  let { become } = openDossier(draftView({ state: 'ready', deposit: depositView() }));
  await screen.findByText(/Gardé sur ce téléphone/);
  expect(screen.queryByText(/Reçu/)).toBeNull();

  become(draftView({ state: 'received', deposit: depositView({ received_at_ms: KEPT_AT }) }));
  expect(await screen.findByText('Reçu par la Région, 14:02')).toBeTruthy();
  expect(screen.getByRole('heading', { level: 1, name: 'Ta demande est arrivée' })).toBeTruthy();
});

test('a tampered receipt is shown as refused', async () => {
  openDossier(draftView({ state: 'ready', deposit: depositView({ trouble: 'tampered_receipt' }) }));
  expect((await screen.findByRole('alert')).textContent).toContain('n’est pas signé par la Région');
  expect(screen.queryByText(/Reçu par la Région/)).toBeNull();
});

test('a refusal shows its reasons and the words of the Region', async () => {
  let decision = { reasons: ['PHOTO_FLOUE' as const], note: 'Refais-la dehors.' };
  openDossier(draftView({ state: 'refused', decision, deposit: depositView({ received_at_ms: KEPT_AT }) }));
  expect(await screen.findByText('La photo n’est pas nette.')).toBeTruthy();
  expect(screen.getByText('Refais-la dehors.')).toBeTruthy();
});

test('what is to be mended is said with its reasons, and opens where it is mended', async () => {
  let received = { state: 'to_correct' as const, deposit: depositView({ received_at_ms: KEPT_AT }), correction: correctionView() };
  let { host } = openDossier(draftView(received));
  expect(await screen.findByRole('heading', { level: 1, name: 'Ta demande est à corriger' })).toBeTruthy();
  for (let said of ['ton nom', 'ta photo', 'La photo n’est pas nette.', 'Ton nom de naissance, s’il te plaît.']) expect(screen.getByText(said)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Corriger ma demande' }));
  await waitFor(() => expect(host.asked).toContainEqual({ command: 'correct', args: { draft: 'd1' } }));
});

test('a correction that waits for the network says so, and is not opened again', async () => {
  let correction = correctionView({ queued_at_ms: KEPT_AT });
  openDossier(draftView({ state: 'to_correct', deposit: depositView({ received_at_ms: KEPT_AT }), correction }));
  expect(await screen.findByText(/^Ta correction est gardée sur ce téléphone/)).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Envoyer maintenant' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Corriger ma demande' })).toBeNull();
});

test('the way shows what the Region did, in its order and with its dates, and nothing that it did not', async () => {
  let day = (date: number) => new Date(2026, 10, date, 9, 30).getTime();
  let timeline = [
    { milestone: 'received' as const, at_ms: day(22) },
    { milestone: 'in_review' as const, at_ms: day(23) },
    { milestone: 'to_correct' as const, at_ms: day(24) },
    { milestone: 'corrected' as const, at_ms: day(25) },
    { milestone: 'accepted' as const, at_ms: day(26) },
    { milestone: 'in_production' as const, at_ms: day(27) },
  ];
  let about = { state: 'accepted' as const, values: { sending: 'ETABLISSEMENT' }, deposit: depositView({ received_at_ms: KEPT_AT }) };
  let { become } = openDossier(draftView({ ...about, timeline }));
  await screen.findByText('Carte en fabrication');
  let titles = () => screen.getAllByRole('listitem').map((it) => it.querySelector('strong')?.textContent);
  let until = ['Déposée sur ce téléphone', 'Reçu par la Région', 'En contrôle', 'À corriger', 'Corrigée', 'Acceptée', 'Carte en fabrication'];
  expect(titles()).toEqual(until);
  expect(screen.getByText(/^le 24.novembre 2026, à 09:30$/)).toBeTruthy();
  become(draftView({ ...about, timeline: [...timeline, { milestone: 'handed_over', at_ms: day(30) }] }));
  expect(await screen.findByText('Carte remise à ton établissement')).toBeTruthy();
  become(draftView({ ...about, values: { sending: 'DOMICILE' }, timeline: [...timeline, { milestone: 'handed_over', at_ms: day(30) }] }));
  expect(await screen.findByText('Carte envoyée chez toi')).toBeTruthy();
});

test('a changed number says so', async () => {
  openDossier(draftView({ state: 'received', deposit: depositView({ received_at_ms: KEPT_AT, number_replaced: true }) }));
  expect(await screen.findByText(/Ton numéro de dossier a changé/)).toBeTruthy();
});

test('a dossier whose state is still a draft leads back to its check', async () => {
  openDossier(draftView());
  expect(await screen.findByRole('heading', { level: 1, name: 'Vérifie tes réponses' })).toBeTruthy();
});

test('the card shows its holder and its code, and a lost card is replaced after one confirmation', async () => {
  let card: CardView = cardView();
  let host = fakeHost({
    home: () => homeView(),
    card: () => card,
    duplicate_terms: () => ({ cents: 500, days: null }),
    ask_duplicate: ({ reason }) => (card = cardView({ duplicate: duplicateView({ reason, state: 'queued' }) })),
    undo_duplicate: () => (card = cardView()),
  });
  router.go({ name: 'card', draft: 'd1' });
  render(App, { context: around(host) });

  expect(await screen.findByRole('heading', { name: 'Lina MARTIN' })).toBeTruthy();
  expect(screen.getByText('Active')).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Où en est ma demande' }).getAttribute('href')).toBe('#/dossier/d1');
  expect(screen.getByText(/30.septembre.2027/)).toBeTruthy();
  expect(screen.getByRole<HTMLImageElement>('img', { name: 'Code à présenter au partenaire' }).src).toMatch(/^data:image\/svg\+xml,/);

  await userEvent.click(screen.getByRole('button', { name: 'Carte perdue, volée ou abîmée' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Continuer' }));
  expect((await screen.findByRole('alert')).textContent).toContain('Choisis une réponse.');
  await userEvent.click(screen.getByLabelText('Je l’ai perdue'));
  await userEvent.click(screen.getByRole('button', { name: 'Continuer' }));
  expect(host.asked.some((it) => it.command === 'ask_duplicate')).toBe(false);
  // What it costs is said before; what nobody knows is not made up.
  expect((await screen.findByText('Prix')).nextElementSibling?.textContent).toMatch(/^5\s€$/);
  expect(screen.getByText('Délai').nextElementSibling?.textContent).toBe('La Région te le confirmera.');
  await userEvent.click(await screen.findByRole('button', { name: 'Confirmer le duplicata' }));

  expect(await screen.findByText('Duplicata en attente')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Carte perdue, volée ou abîmée' })).toBeNull();
  expect(host.asked).toContainEqual({ command: 'ask_duplicate', args: { draft: 'd1', reason: 'PERTE' } });

  await userEvent.click(screen.getByRole('button', { name: 'Je l’ai retrouvée' }));
  expect(await screen.findByText('Duplicata annulé')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Carte perdue, volée ou abîmée' })).toBeTruthy();
});

/** A card whose request the Region has, and what its undoing answers. */
function openRequested(until: number | null, undo: () => CardView): void {
  let duplicate = duplicateView({ undo_until_ms: until });
  router.go({ name: 'card', draft: 'd1' });
  render(App, { context: around(fakeHost({ home: () => homeView(), card: () => cardView({ duplicate }), undo_duplicate: undo })) });
}

test('a request that the Region has is taken back until its day is over, and only with network', async () => {
  openRequested(new Date(2026, 10, 23, 14, 2).getTime(), () => {
    throw { code: 'courier', trouble: 'offline' };
  });
  expect(await screen.findByText(/Tu peux annuler jusqu’au 23.novembre 2026, 14:02\./)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Je l’ai retrouvée' }));
  expect((await screen.findByRole('alert')).textContent).toContain('Il faut du réseau pour annuler');
  expect(screen.getByText('Duplicata demandé')).toBeTruthy();
});

test('a request whose card is being made says that it is too late', async () => {
  openRequested(null, () => cardView());
  expect(await screen.findByText(/^C’est trop tard pour l’annuler/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Je l’ai retrouvée' })).toBeNull();
});

/** The screen of what is left, of an engine that tells this. */
function openBenefits(told: BenefitsView): void {
  router.go({ name: 'benefits', draft: 'd1' });
  render(App, { context: around(fakeHost({ home: () => homeView(), benefits: () => told })) });
}

test('what is left of each benefit is said with the day of the figure, and nothing is made up', async () => {
  openBenefits({
    on: '2026-11-29',
    balances: [
      { benefit: 'LIVRES_LOISIRS', label: 'Livres loisirs', granted_cents: 800, spent_cents: 50, left_cents: 750 },
      { benefit: 'BAFA', label: 'BAFA', granted_cents: null, spent_cents: 0, left_cents: null },
    ],
  });
  expect(await screen.findByText(/^Ce qu’il te reste, au 29.novembre 2026/)).toBeTruthy();
  expect(screen.getByText(/^Il te reste 7,50\s€$/)).toBeTruthy();
  expect(screen.getByText(/^Montant.: la Région te le confirmera\.$/)).toBeTruthy();
});

test('before the Region told any, the screen says when the figures come', async () => {
  openBenefits({ on: null, balances: [] });
  expect(await screen.findByText(/Ils arrivent avec ta carte/)).toBeTruthy();
});

test('the code is renewed when its quarter of a minute is over', async () => {
  let codes = [codeView({ code_svg: '<svg id="second"/>', until_ms: Date.now() + 60_000 })];
  let host = fakeHost({
    home: () => homeView(),
    card: () => cardView({ live: codeView({ until_ms: Date.now() - 1 }) }),
    live_code: () => codes.pop() ?? codeView(),
  });
  router.go({ name: 'card', draft: 'd1' });
  render(App, { context: around(host) });
  let image = await screen.findByRole<HTMLImageElement>('img', { name: 'Code à présenter au partenaire' });
  await waitFor(() => expect(decodeURIComponent(image.src)).toContain('second'));
  expect(screen.getByText(/^\d\d:\d\d:\d\d$/)).toBeTruthy();
});

test('a card that another phone holds comes here only when asked', async () => {
  let host = fakeHost({
    home: () => homeView(),
    card: () => cardView({ held: 'elsewhere', live: null }),
    move_card: () => cardView({ held: 'elsewhere', live: null, moving: true }),
  });
  router.go({ name: 'card', draft: 'd1' });
  render(App, { context: around(host) });
  await userEvent.click(await screen.findByRole('button', { name: 'L’utiliser sur ce téléphone' }));
  expect((await screen.findByRole('status')).textContent).toContain('arrive ici');
  expect(screen.queryByRole('img', { name: 'Code à présenter au partenaire' })).toBeNull();
  expect(host.asked).toContainEqual({ command: 'move_card', args: { draft: 'd1' } });
});

test('a provisional card says that nobody has decided', async () => {
  router.go({ name: 'card', draft: 'd1' });
  render(App, { context: around(fakeHost({ home: () => homeView(), card: () => cardView({ state: 'provisional', printable: false }) })) });
  expect(await screen.findByText(/Demande déposée, non validée/)).toBeTruthy();
  expect(screen.getByText('Provisoire')).toBeTruthy();
  expect(screen.queryByRole('link', { name: 'Imprimer ma carte' })).toBeNull();
});

test('a card that was long without network asks for it once, and is neither refused nor expired', async () => {
  router.go({ name: 'card', draft: 'd1' });
  render(App, { context: around(fakeHost({ home: () => homeView(), card: () => cardView({ to_renew: true }) })) });
  expect((await screen.findByText('Connecte-toi une fois pour renouveler ta carte numérique.')).closest('[role=status]')).toBeTruthy();
  expect(screen.getByText('Active')).toBeTruthy();
  expect(screen.getByRole('img', { name: 'Code à présenter au partenaire' })).toBeTruthy();
});

test('the cards before it are listed, each with what became of it', async () => {
  router.go({ name: 'card', draft: 'd1' });
  let former = [{ issued_at_ms: Date.UTC(2026, 10, 3, 12), ended_at_ms: Date.UTC(2026, 10, 22, 12), state: 'blocked' as const }];
  render(App, { context: around(fakeHost({ home: () => homeView(), card: () => cardView({ former }) })) });
  expect(await screen.findByRole('heading', { name: 'Mes anciennes cartes' })).toBeTruthy();
  expect(screen.getByText(/Carte du 3\sNovembre 2026\s: bloquée le 22\snovembre 2026/i)).toBeTruthy();
});

test('a card that the Region did not sign is shown as refused', async () => {
  router.go({ name: 'card', draft: 'd1' });
  render(App, { context: around(fakeHost({ home: () => homeView(), card: () => cardView({ state: 'untrusted', held: 'nowhere', live: null, printable: false }) })) });
  expect((await screen.findByRole('alert')).textContent).toContain('n’est pas signée par la Région');
  expect(screen.getByText('Non vérifiée')).toBeTruthy();
});

test('my applications are listed by name and state, and a missing keyring is said', async () => {
  router.go({ name: 'landing' });
  let drafts = [{ draft: 'd1', title: 'Lina Martin', state: 'ready' as const, changed_at_ms: KEPT_AT, next_step: 'check' as const, damaged: false }];
  let host = fakeHost({
    home: () => homeView({ drafts }),
    start_draft: () => {
      throw { code: 'no_keyring' };
    },
  });
  render(App, { context: around(host) });
  expect((await screen.findByRole('button', { name: /Lina Martin/ })).textContent).toContain('à envoyer');
  await userEvent.click(screen.getByRole('button', { name: 'Déposer une demande' }));
  expect((await screen.findByRole('alert')).textContent).toContain('Le coffre de ce téléphone ne répond pas');
});

test('a phone that has its card gives the signed photo, one code after the other, until it is stopped', async () => {
  let codes = ['PRV1:A', 'PRV1:B'].map((code) => codeView({ code, code_svg: `<svg>${code}</svg>` }));
  router.go({ name: 'card', draft: 'd1' });
  render(App, { context: around(fakeHost({ home: () => homeView(), card: () => cardView({ gives_photo: true }), photo_codes: () => codes })) });
  await userEvent.click(await screen.findByRole('link', { name: 'Montrer ma photo' }));
  let shown = await screen.findByRole<HTMLImageElement>('img', { name: 'Code de ta photo' });
  expect(screen.getByText('Code 1 sur 2')).toBeTruthy();
  let first = shown.src;
  expect(await screen.findByText('Code 2 sur 2', {}, { timeout: 2_000 })).toBeTruthy();
  expect(shown.src).not.toBe(first);
  await userEvent.click(screen.getByRole('button', { name: 'Arrêter' }));
  expect(screen.getByRole('button', { name: 'Reprendre' })).toBeTruthy();
});
