// What every journey stands on: its own server, its own phone, and a form to fill in.
import { test as base } from '@playwright/test';
import { Form } from './form';
import { quick } from './hands';
import { Stage } from './stage';

interface Fixtures {
  stage: Stage;
  form: Form;
}

export const test = base.extend<Fixtures>({
  stage: async ({}, use) => {
    let stage = await Stage.open();
    await use(stage);
    await stage.close();
  },
  page: async ({ page }, use) => {
    // Whoever starts to listen for the chooser of files with the very key that opens it may be late.
    page.on('filechooser', () => {});
    await use(page);
  },
  /** The app on its first screen, driven quickly. */
  form: async ({ page, stage }, use) => {
    await page.goto(stage.address);
    await use(new Form(page, quick(page)));
  },
});

export { expect } from '@playwright/test';
