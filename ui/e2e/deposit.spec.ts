// A first application without network, from the first screen to the Region's receipt.
import { startCount, Thinking } from './count';
import { Form } from './form';
import { thumb } from './hands';
import { expect, test } from './journey';
import { lina } from './people';

const MOST_TAPS = 40;
const MOST_SECONDS = 210;
/** Wished for, not demanded: a mail address that is typed twice has its own length. */
const WISHED_KEYS = 130;

test('Lina applies with her thumb and without network, and is received when the network is back', async ({ page, stage }) => {
  await startCount(page);
  await page.goto(stage.address);
  let hand = new Thinking(thumb(page));
  let form = new Form(page, hand);
  // In a hurry: the shortest password that is taken.
  await form.fillIn({ ...lina, password: 'volcan gris9' });
  await form.deposit();

  let { taps, keys, thoughts, seconds } = await hand.count(page);
  console.log(`  ${taps} taps (${MOST_TAPS}), ${keys} keys (wished ${WISHED_KEYS}), ${thoughts} thoughts: ${seconds} s by the keystroke-level model (${MOST_SECONDS})`);
  expect(taps).toBeLessThanOrEqual(MOST_TAPS);
  expect(seconds).toBeLessThanOrEqual(MOST_SECONDS);

  await expect(page.getByText('Gardé sur ce téléphone. Ta demande partira dès que tu auras du réseau.')).toBeVisible();
  await form.press('Afficher le numéro');
  await expect(page.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}$/)).toBeVisible();

  await stage.server.start();
  await form.press('Envoyer maintenant');
  await form.isAt('received');
  await expect(page.getByText(/^Reçu par la Région, \d\d:\d\d$/)).toBeVisible();
});
