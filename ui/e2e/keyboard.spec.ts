// The keyboard alone: Tab, Enter, Space and arrows, with the focus in sight all the way.
import { Form } from './form';
import { keyboard } from './hands';
import { expect, test } from './journey';
import { noe } from './people';

test.use({ hasTouch: false, isMobile: false, viewport: { width: 1280, height: 800 } });

test('Noé finishes the form with the keyboard alone, and always sees where he is', async ({ page, stage }) => {
  test.setTimeout(120_000);
  await page.goto(stage.address);
  let form = new Form(page, keyboard(page));
  await form.fillIn(noe);
  await form.press(/^Modifier\sma filière$/);
  await form.isAt('track');
  await form.next('check');
  await form.deposit();
  await form.press('Afficher le numéro');
  await expect(form.button('Masquer le numéro')).toBeVisible();
});

test('Tab goes through a whole screen, top to bottom, and out of it again', async ({ page, stage }) => {
  await page.goto(stage.address);
  let form = new Form(page, keyboard(page));
  await form.start();
  await form.charter();
  let stops: string[] = [];
  // The focus starts on the question, after the bar above it.
  for (let at = 'on the question'; at !== 'out of the page'; stops.push(at)) {
    await page.keyboard.press('Tab');
    at = await page.evaluate(() => {
      let focused = document.activeElement;
      return focused === document.body ? 'out of the page' : focused?.id || (focused?.textContent?.trim() ?? '');
    });
    expect(stops, 'no stop comes twice').not.toContain(at);
  }
  expect(stops).toEqual([
    'filer-other',
    'civility_MADAME',
    'family_name',
    'given_name',
    'birth_date_day',
    'birth_date_month',
    'birth_date_year',
    'Continuer',
    'out of the page',
  ]);
  await page.keyboard.press('Tab');
  await expect(form.button('Retour')).toBeFocused();
});
