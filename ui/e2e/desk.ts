// A reviewer at the Region's desk, who reads and answers its pages.
import type { Server } from './stage';

/** What a reviewer may do with a dossier. */
type Act = 'take' | 'correct' | 'accept' | 'refuse' | 'card' | 'movement';

/** Signs in with the account of the first start, and decides on one dossier. */
export async function decide(server: Server, dossier: string, decision: Act, answers: Record<string, string | string[]> = {}): Promise<void> {
  let [name = '', password = ''] = server.deskAccount.split(' / ');
  let signedIn = await post(server, '/desk/sign-in', { name, password }, '');
  let cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  let page = await fetch(`${server.url}/desk/dossiers/${dossier}`, { headers: { cookie } });
  let html = await page.text();
  let csrf = /name="csrf"\s+value="([^"]*)"/.exec(html)?.[1];
  // What names the movement that the page's form would note.
  let movement = /name="movement"\s+value="([^"]*)"/.exec(html)?.[1] ?? '';
  if (!csrf) throw new Error(`the desk does not know ${dossier}: ${page.status}`);
  let decided = await post(server, `/desk/dossiers/${dossier}/${decision}`, { csrf, movement, ...answers }, cookie);
  if (decided.status < 300 || decided.status > 399) throw new Error(`${decision} answered ${decided.status}`);
}

function post(server: Server, path: string, fields: Record<string, string | string[]>, cookie: string): Promise<Response> {
  return fetch(server.url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: server.url, cookie, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(Object.entries(fields).flatMap(([name, values]) => [values].flat().map((value) => [name, value]))),
  });
}
