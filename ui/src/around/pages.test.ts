// The questions and the page about the app.
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { QuestionView } from '../host/commands.gen';
import { fakeHost } from '../host/fake';
import { around as contextOf, homeView } from '../host/fake-views';
import About from './About.svelte';
import Faq from './Faq.svelte';
import { fold } from '../wording/fold';

const QUESTIONS: QuestionView[] = [
  { question: 'Faut-il du réseau ?', answer: 'Non.\n\n- Tout est gardé.' },
  { question: 'J’ai perdu ma carte', answer: 'Demande un duplicata.' },
];

test('accents, capitals and apostrophes are not needed to be found', () => {
  expect(fold('  Où est l’Œuvre ? ')).toBe('ou est l oeuvre');
});

test('questions are found by the words of the question or of its answer', async () => {
  render(Faq, { context: contextOf(fakeHost({ faq: () => QUESTIONS })) });
  let field = await screen.findByLabelText('Chercher dans les questions');
  expect(screen.getByText('2 questions')).toBeTruthy();

  await userEvent.type(field, 'RESEAU');
  expect(screen.getByText('1 question')).toBeTruthy();
  expect(screen.queryByText('J’ai perdu ma carte')).toBeNull();

  await userEvent.clear(field);
  await userEvent.type(field, 'duplicata carte');
  expect(screen.getByText('J’ai perdu ma carte')).toBeTruthy();

  await userEvent.type(field, ' zzz');
  expect(screen.getByText(/^Aucune question avec ces mots/)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Toutes les questions' }));
  expect(screen.getByText('2 questions')).toBeTruthy();
});

test('questions that cannot be read can be asked for again, and none is said', async () => {
  let isBroken = true;
  let faq = () => {
    if (isBroken) throw { code: 'storage' };
    return [];
  };
  render(Faq, { context: contextOf(fakeHost({ faq })) });
  expect(await screen.findByRole('alert')).toBeTruthy();
  isBroken = false;
  await userEvent.click(screen.getByRole('button', { name: 'Réessayer' }));
  expect(await screen.findByText(/^Aucune question pour l’instant/)).toBeTruthy();
});

test('the page about the app says what it is, what it keeps, and that no audit was made', async () => {
  render(About, { context: contextOf(fakeHost({ home: () => homeView({ reference_version: '2026.11.9' }) })) });
  expect(await screen.findByText(/2026\.11\.9/)).toBeTruthy();
  expect(screen.getByText(/n’est pas publiée par la Région/)).toBeTruthy();
  expect(screen.getByRole('heading', { name: /non encore auditée/ })).toBeTruthy();
  expect(screen.getByText(/ta position ne quitte pas l’application/)).toBeTruthy();
  expect(screen.getByText(/donnera ici l’adresse/)).toBeTruthy();
});

test('the page about the app stands without the engine', () => {
  render(About, { context: contextOf(fakeHost({})) });
  expect(screen.getByRole('heading', { level: 1, name: 'À propos' })).toBeTruthy();
});
