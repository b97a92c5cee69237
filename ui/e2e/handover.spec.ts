// A draft goes from one device to another before their cameras, without network.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filmed, seeing } from './film';
import { expect, test } from './journey';
import { look } from './looks';
import { lina } from './people';
import { answered } from './tablet';

test('a device reads the codes of a draft off the screen of another, and goes on with it', async ({ form, page, stage }) => {
  await form.start();
  await form.charter();
  await form.identity(lina);
  await form.next('account');
  let draft = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(page.url())?.[0];
  let { codes } = (await answered(page, 'handover', { draft })).body as { codes: { code_svg: string }[] };
  expect(codes.length).toBeGreaterThan(0);

  let folder = mkdtempSync(join(tmpdir(), 'codes-'));
  let path = join(folder, 'codes.mjpeg');
  writeFileSync(path, await filmed(page, codes.map((it) => `data:image/svg+xml,${encodeURIComponent(it.code_svg)}`)));
  let { browser, form: other } = await seeing(await stage.another(), path);
  await other.hand.press(other.page.getByRole('link', { name: 'Au stand', exact: true }));
  await other.hand.press(other.page.getByRole('link', { name: 'Reprendre depuis un stand' }));
  await look(other.page, 'handover, scan');
  await other.press('Scanner les codes');
  await other.isAt('charter');
  await other.next('identity');
  await expect(other.field('Nom')).toHaveValue(lina.familyName);
  await expect(other.field('Prénom')).toHaveValue(lina.givenName);
  console.log(`  ${codes.length} code(s)`);
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});
