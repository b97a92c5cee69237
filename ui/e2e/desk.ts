// The Region's people at its desk, who read and answer its pages.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { fromEnvironment, type Server } from './stage';

/** What a reviewer may do with a dossier. */
type Act = 'take' | 'correct' | 'accept' | 'refuse' | 'card' | 'movement';
type Fields = Record<string, string | string[]>;

/** Signs in with the account of the first start, and decides on one dossier. */
export async function decide(server: Server, dossier: string, decision: Act, answers: Fields = {}): Promise<void> {
  let desk = await signIn(server, account(server));
  await desk.order(`/desk/dossiers/${dossier}`, `/desk/dossiers/${dossier}/${decision}`, answers);
}

/** The own browser of somebody at the desk, on a page of it: the first reviewer's, if nobody else is named. */
export async function atTheDesk(page: Page, server: Server, path: string, [name, password] = account(server)): Promise<Page> {
  let desk = await page.context().newPage();
  await desk.goto(`${server.url}/desk/sign-in`);
  await desk.getByLabel('Identifiant').fill(name);
  await desk.getByLabel('Mot de passe').fill(password);
  await desk.getByRole('button', { name: 'Se connecter' }).click();
  await desk.goto(`${server.url}${path}`);
  return desk;
}

type Account = [name: string, password: string];

function account(server: Server): Account {
  let [name = '', password = ''] = server.deskAccount.split(' / ');
  return [name, password];
}

/** A new administrator, who sends tablets to events. */
export async function addAdministrator(server: Server): Promise<Account> {
  let added = await promisify(execFile)(fromEnvironment('E2E_SERVER_BIN'), ['user', 'add', 'Odile', '--administrator', '--data', server.data]);
  let { name, password } = JSON.parse(added.stdout) as { name: string; password: string };
  return [name, password];
}

/** An administrator makes an event of three days, and adds a tablet to it; the code that the desk shows once. */
export async function addTablet(server: Server, schools = ''): Promise<string> {
  let desk = await signIn(server, await addAdministrator(server));
  let day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
  let event = { name: 'Forum des lycées', place: 'Aurillac', first_day: day(0), last_day: day(2), schools, most_cards: '300' };
  let made = await desk.order('/desk/stands', '/desk/stands', event);
  let page = made.headers.get('location') ?? '';
  let shown = await desk.order(page, `${page}/tablets`, {});
  let code = /PRS1:[^<]+/.exec(unescaped(await shown.text()))?.[0];
  if (!code) throw new Error('the desk shows no code of a tablet');
  return code;
}

interface Desk {
  /** Answers a form of a page of the desk. */
  order(page: string, path: string, answers: Fields): Promise<Response>;
}

async function signIn(server: Server, [name, password]: Account): Promise<Desk> {
  let signedIn = await post(server, '/desk/sign-in', { name, password }, '');
  let cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  return {
    async order(from, path, answers) {
      let page = await fetch(server.url + from, { headers: { cookie } });
      let html = await page.text();
      let csrf = /name="csrf"\s+value="([^"]*)"/.exec(html)?.[1];
      if (!csrf) throw new Error(`the desk does not know ${from}: ${page.status}`);
      // What names the movement that a dossier's page would note.
      let movement = /name="movement"\s+value="([^"]*)"/.exec(html)?.[1] ?? '';
      let answered = await post(server, path, { csrf, movement, ...answers }, cookie);
      if (answered.status >= 400) throw new Error(`${path} answered ${answered.status}`);
      return answered;
    },
  };
}

/** A text as it stood before it became markup. */
function unescaped(markup: string): string {
  return markup.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

function post(server: Server, path: string, fields: Fields, cookie: string): Promise<Response> {
  return fetch(server.url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: server.url, cookie, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(Object.entries(fields).flatMap(([name, values]) => [values].flat().map((value) => [name, value]))),
  });
}
