// Does the card to come show what stands in the form, and nothing else?
import { render, screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import CardPreview from './CardPreview.svelte';

const EMPTY = { seed: 'd1', givenName: '', familyName: '', school: '', season: '2026-2027', photo: null };

test('an empty card says what will stand where, with the season and no number', () => {
  let { container } = render(CardPreview, { props: EMPTY });
  expect(screen.getByText('Prénom NOM')).toBeTruthy();
  expect(screen.getByText('Ton établissement')).toBeTruthy();
  expect(screen.getByText('2026-2027')).toBeTruthy();
  expect(container.textContent).not.toMatch(/•|numéro/i);
});

test('the card fills itself with the name, the school and the photo', async () => {
  let { container, rerender } = render(CardPreview, { props: EMPTY });
  await rerender({ ...EMPTY, givenName: 'Lina', familyName: 'Élan-Morêt', school: 'Lycée Lalande', photo: 'data:image/jpeg;base64,AA==' });
  expect(screen.getByText('Lina ÉLAN-MORÊT')).toBeTruthy();
  expect(screen.getByText('Lycée Lalande')).toBeTruthy();
  expect(container.querySelector('img')?.src).toContain('base64,AA==');
});

test('the card is for the eyes only, and its landscape waits for a quiet moment', async () => {
  let { container } = render(CardPreview, { props: EMPTY });
  expect(screen.queryByRole('img')).toBeNull();
  expect(container.querySelector('[aria-hidden="true"]')?.textContent).toContain('Prénom NOM');
  let ground = () => container.querySelector('.ground')?.childElementCount;
  expect(ground()).toBe(0);
  await expect.poll(ground).toBe(1);
});
