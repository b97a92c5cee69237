// What a screen reader finds on each screen of the whole way, as one text to review. After a change
// that is meant: UPDATE_FLOW=1 ./test e2e
import { expect, test } from './journey';
import { noe } from './people';

const MONTHS = 'janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre';

/** What is different each time, in place of its value. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>'],
  [/\b\d\d:\d\d\b/g, '<time>'],
  [new RegExp(`\\b(1er|\\d{1,2}) (${MONTHS}) \\d{4}\\b`, 'g'), '<day>'],
  [/\b07\/03\/\d{4}\b/g, '<birth>'],
  [/"(19|20)\d\d"/g, '"<year>"'],
  [/\b20\d\d[-–]20\d\d\b/g, '<season>'],
  [/\b20\d\d\.\d\d\.\d+\b/g, '<version>'],
  // The number is masked but for its end, which is drawn at random.
  [/(•[•\- ]*)[0-9A-Z]{3}\b/g, '$1<end>'],
];

test('the whole way reads as it did when it was reviewed', async ({ form, page, stage }) => {
  let told: string[] = [];
  async function tell(screen: string): Promise<void> {
    let tree = await page.locator('body').ariaSnapshot();
    told.push(`# ── ${screen}: ${await page.title()}\n${tree}\n`);
  }

  await form.isAt('landing');
  await expect(page.getByText('Hors ligne', { exact: false }).first()).toBeVisible();
  await tell('landing');
  await form.fillIn(noe, async (screen) => {
    await expect(page.getByRole('status').filter({ hasText: /Hors ligne/ })).toBeVisible();
    await tell(screen);
  });
  await form.deposit();
  await tell('ready');
  await stage.server.start();
  await form.press('Envoyer maintenant');
  await form.isAt('received');
  await expect(page.getByRole('link', { name: 'Voir ma carte provisoire' })).toBeVisible();
  await tell('received');

  let text = MASKS.reduce((text, [what, mask]) => text.replaceAll(what, mask), told.join('\n'));
  expect(text).toMatchSnapshot(['flow.aria.yml']);
});
