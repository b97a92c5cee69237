// The Region's people at its desk, who read and answer its pages.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fromEnvironment, type Server } from './stage';

/** What a reviewer may do with a dossier. */
type Act = 'take' | 'correct' | 'accept' | 'refuse' | 'card' | 'movement';
type Fields = Record<string, string | string[]>;

/** Signs in with the account of the first start, and decides on one dossier. */
export async function decide(server: Server, dossier: string, decision: Act, answers: Fields = {}): Promise<void> {
  let [name = '', password = ''] = server.deskAccount.split(' / ');
  let desk = await signIn(server, name, password);
  await desk.order(`/desk/dossiers/${dossier}`, `/desk/dossiers/${dossier}/${decision}`, answers);
}

/** An administrator makes an event of three days, and adds a tablet to it; the code that the desk shows once. */
export async function addTablet(server: Server, schools = ''): Promise<string> {
  let added = await promisify(execFile)(fromEnvironment('E2E_SERVER_BIN'), ['user', 'add', 'Odile', '--administrator', '--data', server.data]);
  let { name, password } = JSON.parse(added.stdout) as { name: string; password: string };
  let desk = await signIn(server, name, password);
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

async function signIn(server: Server, name: string, password: string): Promise<Desk> {
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
