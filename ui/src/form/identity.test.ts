// Who applies, for whom, and who is responsible.
import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { kept, openStep } from '../host/fake-step';
import { draftView } from '../host/fake-views';
import AccountStep from './AccountStep.svelte';
import GuardianStep from './GuardianStep.svelte';
import IdentityStep from './IdentityStep.svelte';

const day = () => screen.getByLabelText<HTMLInputElement>('Jour');
const month = () => screen.getByLabelText<HTMLInputElement>('Mois');
const year = () => screen.getByLabelText<HTMLInputElement>('Année');

test('two digits typed go on to the next part, and the date leaves as one', async () => {
  let { host, keeper } = await openStep(IdentityStep);
  await userEvent.type(day(), '21');
  expect(document.activeElement).toBe(month());
  await userEvent.keyboard('11');
  expect(document.activeElement).toBe(year());
  await userEvent.keyboard('2009');
  await keeper.flush();
  expect(kept(host, 'birth_date').at(-1)).toBe('21/11/2009');
});

test('a single digit waits for its separator, which is not kept', async () => {
  let { host, keeper } = await openStep(IdentityStep);
  await userEvent.type(day(), '3/');
  expect(document.activeElement).toBe(month());
  await userEvent.keyboard('9/2009');
  await keeper.flush();
  expect([day().value, month().value, year().value]).toEqual(['3', '9', '2009']);
  expect(kept(host, 'birth_date').at(-1)).toBe('03/09/2009');
});

test('« Effacer » in an empty part goes back, and nobody is trapped', async () => {
  await openStep(IdentityStep);
  await userEvent.type(day(), '21');
  await userEvent.keyboard('{Backspace}');
  expect(document.activeElement).toBe(day());
  expect(day().value).toBe('21');
  await userEvent.keyboard('{Backspace}');
  expect(day().value).toBe('2');
  await userEvent.tab();
  expect(document.activeElement).toBe(month());
  await userEvent.tab({ shift: true });
  expect(document.activeElement).toBe(day());
});

test('who presses « Tab » right after our own move stays on the part we moved to', async () => {
  await openStep(IdentityStep);
  await userEvent.type(day(), '21');
  await userEvent.tab();
  expect(document.activeElement).toBe(month());
  await userEvent.tab();
  expect(document.activeElement).toBe(year());
});

test('a whole date that is pasted fills the three parts', async () => {
  let { host, keeper } = await openStep(IdentityStep);
  await userEvent.click(day());
  await userEvent.paste('2009-11-21');
  expect([day().value, month().value, year().value]).toEqual(['21', '11', '2009']);
  await keeper.flush();
  expect(kept(host, 'birth_date')).toEqual(['21/11/2009']);
});

test('someone may file for another person, says who they are, and may change their mind', async () => {
  let { host } = await openStep(IdentityStep);
  expect(screen.queryByLabelText('Ton nom')).toBeNull();
  expect(screen.getByLabelText('Nom').getAttribute('autocomplete')).toBe('family-name');

  await userEvent.click(screen.getByRole('button', { name: 'Je dépose pour quelqu’un' }));
  expect(document.activeElement).toBe(screen.getByLabelText('Ton nom'));
  expect(screen.getByRole('heading', { name: 'L’élève' })).toBeTruthy();
  for (let own of ['Nom', 'Prénom', 'Jour']) expect(screen.getByLabelText(own).getAttribute('autocomplete'), own).toBe('off');
  await userEvent.click(screen.getByLabelText('Sa mère'));
  expect(document.getElementById('filer_link_MERE')).toBe(screen.getByLabelText('Sa mère'));
  expect(kept(host, 'filer')).toEqual(['OTHER']);
  expect(kept(host, 'filer_link')).toEqual(['MERE']);

  await userEvent.click(screen.getByRole('button', { name: 'Je dépose pour moi' }));
  expect(screen.queryByLabelText('Ton nom')).toBeNull();
  expect(kept(host, 'filer')).toEqual(['OTHER', 'SELF']);
});

test('the guardian is asked with the reason, and a parent who files is one tap away', async () => {
  let filer = { filer: 'OTHER', filer_family_name: 'Moreau', filer_given_name: 'Anne', filer_link: 'MERE', given_name: 'Lina' };
  let { host } = await openStep(GuardianStep, draftView({ values: filer }));
  expect(screen.getByText('Réponds pour Lina.')).toBeTruthy();
  expect(screen.getByText(/moins de 15 ans/)).toBeTruthy();

  await userEvent.click(screen.getByRole('button', { name: 'C’est moi' }));
  expect(screen.getByLabelText<HTMLInputElement>('Nom du responsable').value).toBe('Moreau');
  expect(screen.getByLabelText<HTMLInputElement>('Prénom du responsable').value).toBe('Anne');
  expect(screen.getByLabelText<HTMLInputElement>('Mère').checked).toBe(true);
  expect(document.activeElement).toBe(screen.getByLabelText('Son mail ou son téléphone'));
  expect(screen.queryByRole('button', { name: 'C’est moi' })).toBeNull();
  await expect.poll(() => kept(host, 'guardian_link')).toEqual(['MERE']);
});

test('the guardian’s consent is ticked by hand, and can be taken back', async () => {
  let { host } = await openStep(GuardianStep, draftView({ steps: ['identity', 'guardian'] }));
  expect(screen.queryByRole('button', { name: 'C’est moi' })).toBeNull();
  let consent = screen.getByRole<HTMLInputElement>('checkbox', { name: /est d’accord/ });
  expect(consent.checked).toBe(false);
  await userEvent.click(consent);
  await userEvent.click(consent);
  expect(kept(host, 'guardian_consent')).toEqual(['OUI', '']);
});

test('a refused consent says why, beside it and on top', async () => {
  let refusals = [{ field: 'guardian_consent' as const, step: 'guardian' as const, refusal: { code: 'missing' as const } }];
  let { next, ondone } = await openStep(GuardianStep, draftView({ refusals }));
  await next();
  expect((await screen.findByRole('alert')).textContent).toContain('l’accord de ton responsable');
  await userEvent.click(screen.getByRole('link', { name: /accord/ }));
  expect(document.activeElement).toBe(screen.getByRole('checkbox'));
  expect(ondone).not.toHaveBeenCalled();
});

test('the password leaves only when both entries are there, can be pasted and shown', async () => {
  let { host, next } = await openStep(AccountStep, draftView(), { set_password: () => draftView({ password_kept: true }) });
  let password = screen.getByLabelText<HTMLInputElement>('Mot de passe');
  await userEvent.click(password);
  await userEvent.paste('volcan bleu 42');
  await userEvent.tab();
  expect(host.asked.some((it) => it.command === 'set_password')).toBe(false);
  await userEvent.type(screen.getByLabelText('Confirmation du mot de passe'), 'volcan bleu 42');

  expect(password.type).toBe('password');
  await userEvent.click(screen.getByRole('button', { name: 'Afficher les mots de passe' }));
  expect(password.type).toBe('text');
  await next();
  let asked = host.asked.filter((it) => it.command === 'set_password');
  expect(asked).toEqual([{ command: 'set_password', args: { draft: 'd1', typed: 'volcan bleu 42', confirmation: 'volcan bleu 42' } }]);
});

test('a slip in the domain of the mail is mended in both entries by one tap', async () => {
  let slip = { email: 'lina@gmial.com', email_confirmation: 'lina@gmial.com' };
  let hints = [{ field: 'email' as const, hint: { code: 'mail_domain' as const, suggestion: 'lina@gmail.com' } }];
  let { host } = await openStep(AccountStep, draftView({ values: slip, hints }));
  await userEvent.click(screen.getByRole('button', { name: 'Utiliser lina@gmail.com' }));
  await expect.poll(() => kept(host, 'email')).toEqual(['lina@gmail.com']);
  expect(kept(host, 'email_confirmation')).toEqual(['lina@gmail.com']);
});
