// The school: proposed, found, chosen, or not in the list.
import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { kept, openStep } from '../host/fake-step';
import { draftView, schoolView } from '../host/fake-views';
import SchoolStep from './SchoolStep.svelte';

const LALANDE = schoolView();
const QUINET = schoolView({ uai: '0010014K', name: 'Lycée Edgar Quinet', distance_km: 3.2 });
const chosen = () => draftView({ values: { school: LALANDE.uai }, school: LALANDE });
const search = () => screen.getByRole<HTMLInputElement>('combobox', { name: 'Établissement' });

test('a school is found while typing, and chosen from the list with the keyboard', async () => {
  let { host } = await openStep(SchoolStep, draftView(), { find_schools: () => [LALANDE], set_field: chosen });
  await userEvent.type(search(), 'lalan');
  expect(await screen.findByRole('option', { name: LALANDE.label })).toBeTruthy();
  expect(screen.getByText(/1.établissement trouvé/)).toBeTruthy();
  expect(host.asked).toContainEqual({ command: 'find_schools', args: { draft: 'd1', typed: 'lalan' } });

  await userEvent.keyboard('{ArrowDown}');
  expect(search().getAttribute('aria-activedescendant')).toBe('school-0010013J');
  await userEvent.keyboard('{Enter}');
  expect(search().value).toBe(LALANDE.label);
  expect(screen.queryByRole('option')).toBeNull();
  expect(kept(host, 'school')).toEqual(['0010013J']);
});

test('before anything is typed, schools used here come first, then those nearby with their distance', async () => {
  let used = schoolView({ used_here: true });
  let { host } = await openStep(SchoolStep, draftView(), { find_schools: ({ typed }) => (typed === '' ? [used, QUINET] : []), set_field: chosen });
  await userEvent.click(search());
  let here = await screen.findByRole('group', { name: 'Déjà choisi ici' });
  expect(here.textContent).toContain('Lycée Lalande');
  expect(screen.getByRole('group', { name: 'Près de chez toi' }).textContent).toMatch(/Lycée Edgar Quinet \[Bourg-en-Bresse\] \[0010014K\].*à 3.km/);

  await userEvent.click(screen.getByRole('option', { name: /Lalande/ }));
  expect(kept(host, 'school')).toEqual(['0010013J']);
  expect(screen.queryByRole('option')).toBeNull();
});

test('the arrows go round the list, and Escape closes it without a choice', async () => {
  let { host } = await openStep(SchoolStep, draftView(), { find_schools: () => [LALANDE, QUINET] });
  await userEvent.type(search(), 'lyc');
  await screen.findByRole('option', { name: /Quinet/ });
  let active = () => search().getAttribute('aria-activedescendant');
  await userEvent.keyboard('{ArrowUp}');
  expect(active()).toBe('school-0010014K');
  await userEvent.keyboard('{ArrowDown}');
  expect(active()).toBe('school-0010013J');
  await userEvent.keyboard('{Escape}');
  expect(search().getAttribute('aria-expanded')).toBe('false');
  expect(kept(host, 'school')).toEqual([]);
});

test('a stale answer never replaces a newer one', async () => {
  let answers: ((schools: (typeof LALANDE)[]) => void)[] = [];
  await openStep(SchoolStep, draftView(), { find_schools: () => new Promise((resolve) => answers.push(resolve)) });
  await userEvent.click(search());
  await userEvent.keyboard('q');
  answers[1]?.([QUINET]);
  expect(await screen.findByRole('option', { name: /Quinet/ })).toBeTruthy();
  answers[0]?.([LALANDE]);
  await Promise.resolve();
  expect(screen.queryByRole('option', { name: /Lalande/ })).toBeNull();
});

test('a closed list keeps its room, so that nothing slides under the finger', async () => {
  await openStep(SchoolStep, draftView(), { find_schools: () => [LALANDE], set_field: chosen });
  let list = document.getElementById('school-list')?.parentElement as HTMLElement;
  Object.defineProperty(list, 'clientHeight', { value: 320 });
  await userEvent.type(search(), 'lal');
  await userEvent.click(await screen.findByRole('option', { name: LALANDE.label }));
  expect(list.style.minHeight).toBe('320px');
});

test('a search that was left shows the choice that stands', async () => {
  await openStep(SchoolStep, chosen(), { find_schools: () => [QUINET] });
  await userEvent.clear(search());
  await userEvent.type(search(), 'quin');
  await userEvent.tab();
  expect(search().value).toBe(LALANDE.label);
});

test('a school that is not in the list is told in words, and the search stays one tap away', async () => {
  let { host } = await openStep(SchoolStep, draftView(), { find_schools: () => [] });
  await userEvent.type(search(), 'zz');
  expect(await screen.findByText('Aucun établissement trouvé. Essaie la ville.')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Mon établissement n’est pas dans la liste' }));
  expect(document.activeElement).toBe(screen.getByLabelText('Nom de l’établissement'));
  await userEvent.keyboard('Lycée des Cimes');
  await userEvent.type(screen.getByLabelText('Ville de l’établissement'), 'Annecy');
  await userEvent.click(screen.getByRole('button', { name: 'Chercher dans la liste' }));
  expect(document.activeElement).toBe(search());
  expect(kept(host, 'school')).toEqual(['NOT_LISTED', '']);
  expect(kept(host, 'school_name').at(-1)).toBe('Lycée des Cimes');
});

test('a search that the engine cannot answer says so', async () => {
  await openStep(SchoolStep, draftView(), {
    find_schools: () => {
      throw { code: 'storage' };
    },
  });
  await userEvent.type(search(), 'l');
  expect(await screen.findByText(/n’arrive pas à garder/)).toBeTruthy();
});
