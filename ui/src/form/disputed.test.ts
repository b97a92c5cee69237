// Two answers to one question: both are shown, and only a tap chooses.
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import App from '../App.svelte';
import type { DraftView } from '../host/commands.gen';
import { fakeHost } from '../host/fake';
import { kept, openStep } from '../host/fake-step';
import { around, disputeView, draftView, homeView, KEPT_AT, schoolView } from '../host/fake-views';
import { router } from '../state/router.svelte';
import IdentityStep from './IdentityStep.svelte';
import SchoolStep from './SchoolStep.svelte';

beforeEach(() => history.replaceState({ depth: 0, scroll: 0 }, '', '#/'));

const DISPUTED = draftView({
  values: { family_name: 'Moreaux' },
  conflicts: [disputeView()],
  refusals: [{ field: 'family_name', step: 'identity', refusal: { code: 'disputed' } }],
});

/** An engine in which a choice ends the dispute. */
function deciding(start: DraftView) {
  let view = start;
  return {
    draft: () => view,
    set_field: ({ typed }: { typed: string }) => (view = draftView({ values: { family_name: typed } })),
  };
}

const answersFor = (name: string) => within(screen.getByRole('group', { name })).getAllByRole('button');

test('both names are shown with who wrote them and when, and neither is chosen', async () => {
  let { host } = await openStep(IdentityStep, DISPUTED);
  let said = answersFor('Nom').map((it) => it.textContent);
  expect(said).toHaveLength(2);
  expect(said[0]).toMatch(/^Moreau\s*Sur ce téléphone, .*14:02$/);
  expect(said[1]).toMatch(/^Moreaux\s*Stand, .*15:10$/);
  expect(screen.queryByRole('textbox', { name: 'Nom' })).toBeNull();
  expect(kept(host, 'family_name')).toEqual([]);
});

test('« Continuer » stays and says so until one is chosen, the shown one too', async () => {
  let { host, ondone, next } = await openStep(IdentityStep, DISPUTED, deciding(DISPUTED));
  await next();
  let summary = await screen.findByRole('alert');
  expect(ondone).not.toHaveBeenCalled();
  await userEvent.click(within(summary).getByRole('link', { name: /^Nom/ }));
  expect(document.activeElement).toBe(answersFor('Nom')[0]);

  await userEvent.click(screen.getByRole('button', { name: /^Moreaux/ }));
  expect(kept(host, 'family_name')).toEqual(['Moreaux']);
  expect((await screen.findByRole<HTMLInputElement>('textbox', { name: 'Nom' })).value).toBe('Moreaux');
  expect(screen.getByText(/^Réponse choisie\s: Moreaux$/)).toBeTruthy();
  await next();
  expect(ondone).toHaveBeenCalledOnce();
});

test('an unknown device, an unknown time and an empty answer have their words', async () => {
  let values = [
    { typed: '', shown: '', device: '', here: false, at_ms: 0 },
    { typed: 'Lina', shown: 'Lina', device: '', here: false, at_ms: KEPT_AT },
  ];
  await openStep(IdentityStep, draftView({ conflicts: [{ field: 'given_name', values }] }));
  let [empty, lina] = answersFor('Prénom').map((it) => it.textContent);
  expect(empty).toMatch(/^Sans réponse\s*Un autre appareil$/);
  expect(lina).toMatch(/^Lina\s*Un autre appareil, /);
});

test('a date that was chosen stands in its three lines', async () => {
  let values = ['07/03/2009', '07/03/2008'].map((typed) => ({ typed, shown: typed, device: 'stand', here: false, at_ms: KEPT_AT }));
  let view = draftView({ values: { birth_date: '07/03/2009' }, conflicts: [{ field: 'birth_date', values }] });
  await openStep(IdentityStep, view, { set_field: ({ typed }) => draftView({ values: { birth_date: typed } }) });
  await userEvent.click(screen.getByRole('button', { name: /^07\/03\/2008/ }));
  expect((await screen.findByLabelText<HTMLInputElement>('Année')).value).toBe('2008');
});

test('two schools are told by their labels', async () => {
  let label = 'Lycée Lalande [Bourg-en-Bresse] [0010013J]';
  let values = [
    { typed: '0010013J', shown: label, device: '', here: true, at_ms: KEPT_AT },
    { typed: 'NOT_LISTED', shown: 'NOT_LISTED', device: 'stand', here: false, at_ms: KEPT_AT },
  ];
  let { host } = await openStep(SchoolStep, draftView({ conflicts: [{ field: 'school', values }] }), {
    find_schools: () => [],
    set_field: ({ typed }) => draftView({ values: { school: typed }, school: schoolView() }),
  });
  expect(screen.getByRole('button', { name: /^Un établissement qui n’est pas dans la liste/ })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: new RegExp('^Lycée Lalande') }));
  expect(kept(host, 'school')).toEqual(['0010013J']);
  expect((await screen.findByRole<HTMLInputElement>('combobox')).value).toBe(label);
});

test('the deposit is refused, leads to the dispute on the same screen, and passes once it is decided', async () => {
  let host = fakeHost({
    home: () => homeView(),
    ...deciding(DISPUTED),
    deposit: () => {
      throw { code: 'incomplete', refusals: DISPUTED.refusals };
    },
  });
  router.go({ name: 'form', draft: 'd1', step: 'check', fromCheck: false });
  render(App, { context: around(host) });
  await userEvent.click(await screen.findByRole('button', { name: 'Déposer ma demande' }));
  await userEvent.click(within(await screen.findByRole('alert')).getByRole('link', { name: /^Nom/ }));
  expect(document.activeElement).toBe(answersFor('Nom')[0]);
  await userEvent.click(screen.getByRole('button', { name: /^Moreau\s*Sur/ }));
  await expect.poll(() => document.activeElement?.id).toBe('modify-identity');
  expect(screen.queryByRole('group', { name: 'Nom' })).toBeNull();
  expect(screen.queryByRole('alert')).toBeNull();
});
