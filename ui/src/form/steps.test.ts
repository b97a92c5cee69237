// The steps of the form, as a person meets them.
import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { DraftView } from '../host/commands.gen';
import { openStep as open } from '../host/fake-step';
import { draftView } from '../host/fake-views';
import ContactStep from './ContactStep.svelte';
import SendingStep from './SendingStep.svelte';

test('a refused field says why, beside it and on top, and the step stays', async () => {
  let refused = draftView({ refusals: [{ field: 'phone_number', step: 'contact', refusal: { code: 'digit_count', expected: 10, got: 4 } }] });
  let { ondone, next } = await open(ContactStep, refused, { set_field: () => refused });

  await userEvent.type(screen.getByLabelText('Téléphone'), '06 12');
  expect(screen.queryByRole('alert')).toBeNull();
  await next();

  expect((await screen.findByRole('alert')).textContent).toMatch(/10.chiffres/);
  let phone = screen.getByLabelText('Téléphone');
  expect(phone.getAttribute('aria-invalid')).toBe('true');
  expect(document.getElementById(phone.getAttribute('aria-describedby')?.split(' ').at(-1) ?? '')?.textContent).toMatch(/10.chiffres/);
  expect(document.title).toMatch(/^Erreur/);
  expect(ondone).not.toHaveBeenCalled();

  await userEvent.click(screen.getByRole('link', { name: /10.chiffres/ }));
  expect(document.activeElement).toBe(phone);
});

test('a step without refusal goes on', async () => {
  let { ondone, next } = await open(ContactStep, draftView(), {});
  await next();
  expect(ondone).toHaveBeenCalledOnce();
});

test('the line says « Enregistré » only once the engine has answered', async () => {
  let answer: (view: DraftView) => void = () => {};
  let kept = new Promise<DraftView>((resolve) => (answer = resolve));
  await open(SendingStep, draftView(), { set_field: () => kept });
  expect(screen.getByText('Enregistré sur ce téléphone, 14:02')).toBeTruthy();

  await userEvent.click(screen.getByLabelText('Je préfère le recevoir à la maison'));
  expect(screen.queryByText(/Enregistré/)).toBeNull();

  answer(draftView({ kept_at_ms: new Date(2026, 10, 22, 14, 5).getTime() }));
  expect(await screen.findByText('Enregistré sur ce téléphone, 14:05')).toBeTruthy();
});

test('a full disk is said, the step stays and nothing is called kept', async () => {
  let { ondone, next } = await open(SendingStep, draftView(), {
    set_field: () => {
      throw { code: 'disk_full' };
    },
  });
  await userEvent.click(screen.getByLabelText('Je préfère le recevoir à la maison'));
  expect(await screen.findByText(/Plus de place sur ce téléphone/)).toBeTruthy();
  expect(screen.queryByText(/Enregistré/)).toBeNull();
  await next();
  expect((await screen.findByRole('alert')).textContent).toContain('Plus de place');
  expect(ondone).not.toHaveBeenCalled();
});

test('nothing about the sending is ticked in advance', async () => {
  await open(SendingStep, draftView(), {});
  for (let radio of screen.getAllByRole<HTMLInputElement>('radio')) expect(radio.checked).toBe(false);
});

test('a postal code outside of the region asks for the name of the commune', async () => {
  await open(ContactStep, draftView({ values: { postal_code: '75011' } }), { communes: () => [] });
  expect((await screen.findByRole('textbox', { name: 'Commune' })).id).toBe('commune');
});

test('« Entrée » goes to the next empty line, and continues from the last one', async () => {
  let values = { address_line: '12 rue Blatin', care_of: 'Mme Martin', postal_code: '75011', commune: 'Paris' };
  let { ondone } = await open(ContactStep, draftView({ values }), { communes: () => [] });
  await screen.findByRole('textbox', { name: 'Commune' });
  await userEvent.clear(screen.getByLabelText('Code postal'));
  await userEvent.type(screen.getByLabelText('Téléphone'), '0612345678{Enter}');
  expect(document.activeElement).toBe(screen.getByLabelText('Code postal'));
  expect(ondone).not.toHaveBeenCalled();
  await userEvent.type(screen.getByLabelText('Code postal'), '75011');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => ondone.mock.calls.length).toBe(1);
});

test('the lines that complete an address come on demand, and stay when they are filled', async () => {
  await open(ContactStep);
  expect(screen.queryByLabelText(/Résidence/)).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Compléter mon adresse' }));
  for (let line of ['Lieu-dit', 'Résidence', 'Bâtiment', 'Étage']) expect(screen.getByLabelText(new RegExp(line))).toBeTruthy();
});

test('a second tap on « Continuer » does not skip a step', async () => {
  let answer: (view: DraftView) => void = () => {};
  let late = new Promise<DraftView>((resolve) => (answer = resolve));
  let { ondone, next } = await open(SendingStep, draftView(), { set_field: () => late });
  await userEvent.click(screen.getByLabelText('Je préfère le recevoir à la maison'));
  await next();
  await next();
  answer(draftView());
  await expect.poll(() => ondone.mock.calls.length).toBe(1);
});
