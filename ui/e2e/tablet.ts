// A shared tablet at an event, as agents and students use it.
import { expect, type Page } from '@playwright/test';
import type { Form } from './form';
import type { Person } from './people';

/** What is on the screen and in the window that could say who was here. */
export async function residue(page: Page): Promise<string> {
  return page.evaluate(async () => {
    let databases = (await indexedDB.databases?.()) ?? [];
    let caches = 'caches' in window ? await window.caches.keys() : [];
    let values = [...document.querySelectorAll('input, textarea, select')].map((it) => (it as HTMLInputElement).value);
    let kept = { databases, caches, values, local: { ...localStorage }, session: { ...sessionStorage }, history: history.state, length: history.length };
    return document.documentElement.outerHTML + document.title + location.href + document.cookie + JSON.stringify(kept);
  });
}

/** What the engine answers at its one door, whatever a page may ask. */
export async function answered(page: Page, command: string, args: object = {}): Promise<{ ok: boolean; body: unknown }> {
  return page.evaluate(
    async ({ command, args }) => {
      let response = await fetch('/call', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ command, args }) });
      return { ok: response.ok, body: (await response.json()) as unknown };
    },
    { command, args },
  );
}

/** A student who keeps a finger on the screen, however long this takes on a slow machine. */
export async function touching<T>(page: Page, act: () => Promise<T>): Promise<T> {
  let touch = await page.evaluate(() => Number(setInterval(() => dispatchEvent(new Event('pointerdown')), 1_000)));
  let done = await act();
  await page.evaluate((touch) => clearInterval(touch), touch);
  return done;
}

/** Agents and students before one tablet. */
export class Tablet {
  readonly page: Page;

  constructor(readonly form: Form) {
    this.page = form.page;
  }

  /** « Élève suivant », which gives each student a page of their own. */
  async next(): Promise<void> {
    let loaded = this.page.waitForEvent('load');
    await this.press('Élève suivant');
    await loaded;
  }

  async isAt(h1: string | RegExp): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText(h1);
  }

  press(name: string | RegExp): Promise<void> {
    return this.form.press(name);
  }

  async pin(digits: string): Promise<void> {
    await this.form.hand.taps([...digits].map((digit) => this.form.button(digit)));
  }

  /** A new agent's name, and the PIN twice. */
  async adds(name: string, digits: string): Promise<void> {
    await this.form.field('Nom de l’agent').fill(name);
    await this.press('Choisir son code');
    await this.isAt(/6.chiffres$/);
    await this.pin(digits);
    await this.isAt(/encore une fois$/);
    await this.pin(digits);
    await this.isAt('Forum des lycées');
  }

  /** An app that is nobody's yet becomes a stand, and gets its first agent. */
  async installs(code: string, agent: string, digits: string): Promise<void> {
    await this.page.getByRole('link', { name: 'Installer un stand' }).click();
    await this.isAt('Installer un stand');
    await this.form.field('Nom de la tablette').fill('Tablette 1');
    await this.form.field('Code du bureau').fill(code);
    await this.press('Installer');
    await this.isAt('Le premier agent');
    await this.adds(agent, digits);
  }

  /** « À toi ! » */
  async gives(): Promise<void> {
    await this.press('Inscrire un élève');
    await this.isAt(/^À toi/);
    await this.press('C’est parti');
    await this.form.isAt('charter');
  }

  /** All steps of a stand: no password is asked. */
  async fills(person: Person): Promise<void> {
    await this.form.charter();
    await this.fillsRest(person);
  }

  /** From the identity on. */
  async fillsRest(person: Person): Promise<void> {
    await this.fillsUntilPhoto(person);
    await this.form.photo();
    await this.form.next('sending');
    await this.choosesSending(person);
  }

  /** From the identity to the photo; a school that the event is for stands there before anything is typed. */
  async fillsUntilPhoto(person: Person, school = { isProposed: false }): Promise<void> {
    let { form } = this;
    await form.identity(person);
    await this.press('Continuer');
    await this.isAt('Adresse mail');
    await form.hand.write(form.field('Adresse mail'), person.email);
    for (let label of ['Confirmation de l’adresse mail', 'Mot de passe']) await expect(form.field(label)).toHaveCount(0);
    await form.next('contact');
    await form.contact(person);
    await form.next('school');
    if (school.isProposed && 'chosen' in person.school) await form.hand.pick(this.page.getByRole('option', { name: person.school.chosen }));
    else await form.school(person);
    await form.next('track');
    await form.track(person);
    await form.next('photo');
  }

  /** To the last screen. */
  async choosesSending(person: Person): Promise<void> {
    await this.form.sending(person);
    await this.form.next('check');
  }

  /** The student is done, and an agent looks at it with them. */
  async isGivenBack(digits: string): Promise<void> {
    await this.press('J’ai fini');
    await this.isAt(/^Merci/);
    await this.pin(digits);
    await this.isAt('Contrôlez avec l’élève');
  }

  /** « Terminer »; the code for the student's phone. */
  async finishes(): Promise<{ number: string; claim: string }> {
    let answer = this.page.waitForResponse((it) => it.request().postData()?.includes('"stand_finish"') ?? false);
    await this.press('Terminer');
    let { number, claim } = (await (await answer).json()) as { number: string; claim: { code: string } };
    await this.isAt('Ta demande est déposée');
    await expect(this.page.getByText(number)).toBeVisible();
    return { number, claim: claim.code };
  }
}

/** Every string that the page's heap still holds, after what nobody holds was collected. */
export async function heap(page: Page): Promise<string> {
  let session = await page.context().newCDPSession(page);
  let pieces: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => pieces.push(chunk));
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  let { strings } = JSON.parse(pieces.join('')) as { strings: string[] };
  return strings.join('\n');
}
