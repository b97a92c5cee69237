// The track: two taps, the school's own first, a way out and a help.
import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { TracksView } from '../host/commands.gen';
import { kept, openStep } from '../host/fake-step';
import { draftView } from '../host/fake-views';
import { atSchool, groupsOf, matching } from './track-list';
import TrackStep from './TrackStep.svelte';

const TRACKS = [
  { code: 'GENERALE', group: 'Bac général', label: 'Première ou terminale générale' },
  { code: 'STL', group: 'Bac technologique', label: 'STL' },
  { code: 'STMG', group: 'Bac technologique', label: 'STMG' },
  ...Array.from({ length: 13 }, (_, at) => ({ code: `CAP_${at}`, group: 'CAP', label: at === 7 ? 'Électricien' : `Métier ${at}` })),
];
const known = (at_school: string[] | null = null): TracksView => ({ tracks: TRACKS, at_school });

test('a track takes two taps', async () => {
  let { host } = await openStep(TrackStep, draftView(), { tracks: () => known() });
  await userEvent.click(await screen.findByRole('button', { name: 'Bac technologique' }));
  await userEvent.click(screen.getByLabelText('STMG'));
  expect(kept(host, 'track')).toEqual(['STMG']);
  expect(host.asked).toContainEqual({ command: 'tracks', args: { draft: 'd1' } });
});

test('a group with one training chooses it by itself', async () => {
  let { host } = await openStep(TrackStep, draftView(), { tracks: () => known() });
  await userEvent.click(await screen.findByRole('button', { name: 'Bac général' }));
  expect(screen.getByLabelText<HTMLInputElement>('Première ou terminale générale').checked).toBe(true);
  expect(kept(host, 'track')).toEqual(['GENERALE']);
});

test('what the school is known for comes first, and all tracks stay one tap away', async () => {
  await openStep(TrackStep, draftView(), { tracks: () => known(['STL']) });
  expect(await screen.findByRole('heading', { name: 'Les filières de ton établissement' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'CAP' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Bac technologique' }));
  expect(screen.queryByLabelText('STMG')).toBeNull();

  await userEvent.click(screen.getByRole('button', { name: 'Voir toutes les filières' }));
  expect(screen.getByRole('button', { name: 'CAP' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Voir toutes les filières' })).toBeNull();
});

test('a long group is filtered, accents aside, and « Entrée » there never continues', async () => {
  let { ondone } = await openStep(TrackStep, draftView(), { tracks: () => known() });
  await userEvent.click(await screen.findByRole('button', { name: 'CAP' }));
  await userEvent.type(screen.getByLabelText('Chercher dans les formations'), 'elec');
  expect(screen.getAllByRole('radio')).toHaveLength(1);
  await userEvent.keyboard('{Enter}');
  expect(document.activeElement).toBe(screen.getByLabelText('Électricien'));
  expect(ondone).not.toHaveBeenCalled();
  await userEvent.type(screen.getByLabelText('Chercher dans les formations'), 'zzz');
  expect(screen.getByText(/Aucune formation ne porte ce nom/)).toBeTruthy();
});

test('a track that is not in the list is told in words, and the list stays one tap away', async () => {
  let { host } = await openStep(TrackStep, draftView(), { tracks: () => known() });
  await userEvent.click(await screen.findByRole('button', { name: 'Ma filière n’est pas dans la liste' }));
  expect(document.activeElement).toBe(screen.getByLabelText('Nom de la filière'));
  await userEvent.keyboard('CAP Fourrure');
  await userEvent.click(screen.getByRole('button', { name: 'Choisir dans la liste' }));
  expect(kept(host, 'track')).toEqual(['NOT_LISTED', '']);
  expect(kept(host, 'track_name').at(-1)).toBe('CAP Fourrure');
  expect(await screen.findByRole('button', { name: 'CAP' })).toBeTruthy();
});

test('a help says where the track is written', async () => {
  await openStep(TrackStep, draftView(), { tracks: () => known() });
  let help = screen.getByText(/Besoin d’aide pour trouver ta filière/);
  await userEvent.click(help);
  expect(help.closest('details')?.textContent).toMatch(/certificat de scolarité.*bulletin.*carnet.*Pronote.*secrétariat/);
});

test('a list that cannot be read says why, and is read again on demand', async () => {
  let isFull = true;
  await openStep(TrackStep, draftView(), {
    tracks: () => {
      if (isFull) throw { code: 'storage' };
      return known();
    },
  });
  expect(await screen.findByRole('alert')).toBeTruthy();
  isFull = false;
  await userEvent.click(screen.getByRole('button', { name: 'Réessayer' }));
  expect(await screen.findByRole('button', { name: 'CAP' })).toBeTruthy();
});

test('a school of which nothing is known shows every track', () => {
  expect(atSchool(known(null))).toHaveLength(TRACKS.length);
  expect(atSchool(known([]))).toHaveLength(TRACKS.length);
  expect(atSchool(known(['UNKNOWN']))).toHaveLength(TRACKS.length);
  expect(groupsOf(atSchool(known(['STL', 'CAP_1'])))).toEqual(['Bac technologique', 'CAP']);
  expect(matching(TRACKS, 'ELEC').map((it) => it.code)).toEqual(['CAP_7']);
});
