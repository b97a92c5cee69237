// The pages of events at the desk, on a wide screen and on a narrow one.
import { addAdministrator, atTheDesk } from './desk';
import { expect, test } from './journey';
import { lookAtDesk, seen, tellUnsure } from './looks';

test.afterAll(() => {
  console.log(`  ${seen.views} views of ${seen.screens} screens${tellUnsure()}`);
});

const EVENT = 'Forum des lycées et des centres de formation d’apprentis de la région';

test('an event with its tablet fits every width', async ({ page, stage }) => {
  await stage.server.start();
  let desk = await atTheDesk(page, stage.server, '/desk/stands', await addAdministrator(stage.server));
  await lookAtDesk(desk, 'desk, no event');
  let today = new Date().toISOString().slice(0, 10);
  for (let [label, typed] of [
    ['Nom', EVENT],
    ['Lieu', 'Saint-Étienne-de-Saint-Geoirs'],
    ['Premier jour', today],
    ['Dernier jour', today],
  ] as const)
    await desk.getByLabel(label, { exact: true }).fill(typed);
  await desk.getByRole('button', { name: 'Créer l’événement' }).click();
  await expect(desk.getByRole('heading', { level: 1 })).toHaveText(EVENT);
  await desk.getByRole('button', { name: 'Ajouter une tablette' }).click();
  await expect(desk.getByText(/PRS1:/)).toBeVisible();
  await lookAtDesk(desk, 'desk, code of a tablet');
  await desk.goto(`${stage.server.url}/desk/stands`);
  await lookAtDesk(desk, 'desk, events');
  await desk.getByRole('link', { name: EVENT }).click();
  await desk.getByText('Révoquer…').click();
  await lookAtDesk(desk, 'desk, an event and its tablet');
  // In a narrow window it is still a table for who listens.
  await expect(desk.getByRole('row', { name: /^Pas encore installée/ }).getByRole('cell')).toHaveCount(4);
  await desk.getByRole('link', { name: 'File d’attente' }).click();
  await lookAtDesk(desk, 'desk, an empty queue');
});
