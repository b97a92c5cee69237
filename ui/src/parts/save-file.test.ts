// A file to keep: where it is now, or why it is nowhere, and which files there are.
import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import Export from '../access/Export.svelte';
import { fakeHost } from '../host/fake';
import { around, slipView } from '../host/fake-views';
import type { FileToSave, Saved } from '../host/host';
import Slip from '../space/Slip.svelte';
import { saving } from '../wording/saving';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** A phone that saves what it is given, and says this of it, one answer after the other. */
function keeping(...answers: Saved[]) {
  let files: FileToSave[] = [];
  return {
    files,
    saveFile: (file: FileToSave) => {
      files.push(file);
      return Promise.resolve(answers.shift() ?? 'failed');
    },
  };
}

async function saysAfter(name: string, sentence: string): Promise<void> {
  await userEvent.click(await screen.findByRole('button', { name }));
  await waitFor(() => expect(screen.getByRole('status').textContent).toContain(sentence));
}

test('the document for the school is saved where the person says, and that is said', async () => {
  let phone = keeping('left', 'full', 'silent', 'chosen', { at: '/home/lina/Téléchargements/passregion-etablissement.pdf' });
  let host = fakeHost({ slip: () => slipView({ pdf: btoa('%PDF-1.7') }) }, phone);
  render(Slip, { props: { draft: 'd1' }, context: around(host) });
  await saysAfter('Enregistrer en PDF', 'Rien n’est enregistré');
  await saysAfter('Enregistrer en PDF', 'Plus de place');
  await saysAfter('Enregistrer en PDF', 'Regarde si le fichier est là');
  await saysAfter('Enregistrer en PDF', 'là où tu l’as choisi');
  await saysAfter('Enregistrer en PDF', '/home/lina/Téléchargements/passregion-etablissement.pdf');
  expect(phone.files.map((it) => [it.name, text(it.bytes)])[0]).toEqual(['passregion-etablissement.pdf', '%PDF-1.7']);
});

test('where a window does not print, nothing says that it does', async () => {
  let host = { ...fakeHost({ slip: () => slipView() }), prints: false };
  render(Slip, { props: { draft: 'd1' }, context: around(host) });
  expect(await screen.findByRole('button', { name: 'Enregistrer en PDF' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Imprimer' })).toBeNull();
});

test('a copy of all data is three files, whose names say nothing of anybody', async () => {
  let phone = keeping('downloads', 'downloads', 'failed');
  let host = fakeHost({ export: () => ({ json: '{"nom":"Élodie"}', pdf: btoa('%PDF-1.7'), photo: btoa('jpeg') }) }, phone);
  render(Export, { props: { draft: 'd1' }, context: around(host) });
  await userEvent.click(screen.getByRole('button', { name: 'Préparer mes fichiers' }));
  for (let name of ['Enregistrer le document à lire (PDF)', 'Enregistrer les données (JSON)', 'Enregistrer ma photo (JPEG)']) {
    await userEvent.click(await screen.findByRole('button', { name }));
  }
  expect(phone.files.map((it) => [it.name, text(it.bytes)])).toEqual([
    ['passregion.pdf', '%PDF-1.7'],
    ['passregion.json', '{"nom":"Élodie"}'],
    ['passregion.jpg', 'jpeg'],
  ]);
  let said = await screen.findAllByRole('status');
  expect(said.map((it) => it.textContent?.trim())).toEqual([
    saving.downloads,
    saving.downloads,
    saving.failed,
  ]);
});
