// A phone whose storage fails says what happened and what to do, and lets the rest go on.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Form } from './form';
import { expect, test } from './journey';
import { look } from './looks';
import { hugo, lina, type Person } from './people';
import type { Stage } from './stage';

test.setTimeout(120_000);

/** Starts an application and leaves it after the names. */
async function begin(form: Form, person: Person): Promise<void> {
  await form.start();
  await form.charter();
  await form.identity(person);
  await form.isKept();
  await form.press('Retour');
  await form.isAt('charter');
  await form.press('Retour');
  await form.isAt('landing');
}

/** The phone is off while this is done to its database. */
async function whileOff(stage: Stage, act: (file: string) => void): Promise<void> {
  await stage.killEngine();
  act(join(stage.data, 'phone.sqlite'));
  await stage.startEngine();
}

function say(file: string, query: string): void {
  let database = new DatabaseSync(file);
  database.exec(query);
  database.close();
}

test('one damaged draft says so and stays, and the others open', async ({ form, page, stage }) => {
  await begin(form, lina);
  await begin(form, hugo);
  await whileOff(stage, (file) =>
    say(file, 'UPDATE change SET sealed = zeroblob(length(sealed)) WHERE n IN (SELECT n FROM change ORDER BY n LIMIT 3)'),
  );
  await page.reload();
  let damaged = form.button(/abîmée/);
  await expect(damaged).toHaveCount(1);
  await expect(page.getByRole('heading', { name: 'Une demande est abîmée' })).toBeVisible();
  await look(page, 'landing, a damaged draft');
  await damaged.click();
  await expect(page.getByRole('alert')).toContainText('Elle reste sur ce téléphone');
  await look(page, 'landing, a damaged draft that does not open');
  await form.press(/^Hugo Perrin/);
  await form.isAt('account');
});

test('a mended database is said once, until it is understood', async ({ form, page, stage }) => {
  await begin(form, lina);
  await whileOff(stage, (file) => {
    say(file, 'PRAGMA wal_checkpoint(TRUNCATE)');
    let bytes = readFileSync(file);
    bytes.fill(0, Math.floor(bytes.length / 8192) * 4096);
    writeFileSync(file, bytes);
  });
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Ce téléphone a perdu des données' })).toBeVisible();
  await look(page, 'landing, a mended database');
  await form.press('J’ai compris');
  await expect(page.getByRole('heading', { name: 'Ce téléphone a perdu des données' })).toHaveCount(0);
  await page.reload();
  await form.isAt('landing');
  await expect(page.getByText('Ce téléphone a perdu des données')).toHaveCount(0);
});

test('a database of a newer app is left alone, and asks for the newer app', async ({ form, page, stage }) => {
  await begin(form, lina);
  await whileOff(stage, (file) => say(file, "INSERT INTO refinery_schema_history SELECT max(version) + 1, 'future', '', '' FROM refinery_schema_history"));
  await page.reload();
  await expect(page.getByRole('alert')).toContainText('Mise à jour nécessaire');
  await look(page, 'landing, a newer database');
});
