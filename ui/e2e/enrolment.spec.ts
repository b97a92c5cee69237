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
/** Family name and given name; mail, telephone, address and postal code. */
const NAMES_AND_CONTACT = 6;
/** Beyond those: charter, civility, birth, school, track, sending. */
const MOST_INPUTS = 9;

test.use({ viewport: { width: 1024, height: 768 } });

test('Lina is enrolled at a stand with little to type and to tap', async ({ page, stage }) => {
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
  await tablet.fillsUntilPhoto(lina, { isProposed: true });
  let beforePhoto = await hand.count(page);
  await form.photo();
  await form.next('sending');
  let afterPhoto = await hand.count(page);
  await tablet.choosesSending(lina);
  await tablet.isGivenBack(NADIA);
  await tablet.finishes();
  let after = await hand.count(page);

  let without = (what: keyof Count) => after[what] - before[what] - (afterPhoto[what] - beforePhoto[what]);
  let [taps, keys, thoughts, seconds] = [without('taps'), without('keys'), without('thoughts'), without('seconds')];
  let inputs = without('inputs') - NAMES_AND_CONTACT;
  console.log(`  ${inputs} inputs (${MOST_INPUTS}), ${taps} taps, ${keys} keys, ${thoughts} thoughts: ${seconds} s by the keystroke-level model (${MOST_SECONDS})`);
  expect(inputs).toBeLessThanOrEqual(MOST_INPUTS);
  expect(seconds).toBeLessThanOrEqual(MOST_SECONDS);
});
