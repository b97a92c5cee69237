// How much work an enrolment at a stand is, for student and agent together, without the photo.
import { startCount, Thinking, type Count } from './count';
import { addTablet } from './desk';
import { Form } from './form';
import { thumb } from './hands';
import { expect, test } from './journey';
import { lina } from './people';
import { Tablet } from './tablet';

const NADIA = '271828';
const MOST_SECONDS = 90;
/** Beyond names and contact: charter, civility, birth, school, track, sending. */
const MOST_INPUTS = 9;

/** The school that the event is for stands there before anything is typed. */
const jade = { ...lina, familyName: 'Roussel', givenName: 'Jade', email: 'jade.roussel@example.fr', school: { typed: '', chosen: 'LOT Sidoine Apollinaire' } };

test.use({ viewport: { width: 1024, height: 768 } });

test('Jade is enrolled at a stand with few taps, and what is typed is hers', async ({ page, stage }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'mediaDevices', { value: undefined }));
  await startCount(page);
  await stage.server.start();
  await page.goto(`${stage.address}#/a-propos`);
  let hand = new Thinking(thumb(page));
  let form = new Form(page, hand);
  let tablet = new Tablet(form);
  await tablet.installs(await addTablet(stage.server, '0630020E'), 'Nadia', NADIA);
  await stage.server.stop();

  let before = await hand.count(page);
  await tablet.gives();
  await form.charter();
  await tablet.fillsUntilPhoto(jade);
  let beforePhoto = await hand.count(page);
  await form.photo();
  let afterPhoto = await hand.count(page);
  await tablet.fillsAfterPhoto(jade);
  await tablet.isGivenBack(NADIA);
  await tablet.finishes();
  let after = await hand.count(page);

  let without = (what: keyof Count) => after[what] - before[what] - (afterPhoto[what] - beforePhoto[what]);
  let [taps, keys, thoughts, seconds] = [without('taps'), without('keys'), without('thoughts'), without('seconds')];
  console.log(`  ${taps} taps, ${keys} keys, ${thoughts} thoughts: ${seconds} s by the keystroke-level model (${MOST_SECONDS})`);
  expect(seconds).toBeLessThanOrEqual(MOST_SECONDS);
});
