// What is around: found by town or position, filtered, shown in a list and on a map.
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import type { AroundView, DealView, PlaceView, Point } from '../host/commands.gen';
import { fakeHost, type Answers } from '../host/fake';
import { around as contextOf } from '../host/fake-views';
import type { AroundKind } from '../state/router.svelte';
import Around from './Around.svelte';

const GRENOBLE = { insee: '38185', name: 'Grenoble', department: '38', latitude: 45.19, longitude: 5.72 };

function place(about: Partial<PlaceView> = {}): PlaceView {
  return {
    id: 'p1',
    kind: 'CINEMA',
    name: 'Le Club',
    address: '9 bis rue du Phalanstère',
    town: 'Grenoble',
    latitude: 45.188,
    longitude: 5.725,
    distance_km: null,
    source: 'liste de démonstration',
    ...about,
  };
}

const MUSEUM = place({ id: 'p2', kind: 'MUSEE', name: 'Musée de l’Aventure', town: 'Clermont-Ferrand', latitude: 45.78, longitude: 3.08 });
const DEAL: DealView = { id: 'b1', kind: 'CINEMA', title: 'Une place à 4 €', text: 'Montre ta carte.', until: '2027-06-30', place: place() };

function view(about: Partial<AroundView> = {}): AroundView {
  return { places: [MUSEUM, place()], deals: [DEAL], version: '2026.11.1', is_demonstration: true, ...about };
}

/** Nearest first, as the engine answers. */
function sorted({ near }: { near: Point | null }): AroundView {
  return near ? view({ places: [place({ distance_km: 0.4 }), { ...MUSEUM, distance_km: 207.6 }] }) : view();
}

function open(kind: AroundKind, answers: Answers = {}) {
  let outline = { topology: '{}', towns: [GRENOBLE] };
  let host = fakeHost({ around: sorted, find_towns: () => [GRENOBLE], outline: () => outline, ...answers });
  render(Around, { props: { kind }, context: contextOf(host) });
  return host;
}

function rows(): string[] {
  return screen.getAllByRole('article').map((it) => within(it).getAllByRole('button')[0]?.textContent ?? '');
}

/** What a window has and jsdom has not; the map is 400 × 400. */
beforeEach(() => {
  let pen = new Proxy({}, { get: (_, name) => (name === 'measureText' ? () => ({ width: 40 }) : () => {}), set: () => true });
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(pen as never);
  vi.stubGlobal('Path2D', class {});
  vi.stubGlobal('matchMedia', (query: string) => ({ matches: query.includes('reduced-motion'), addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  vi.stubGlobal('ResizeObserver', class { observe() {} disconnect() {} });
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(400);
  Object.defineProperty(navigator, 'geolocation', { value: undefined, configurable: true });
});

test('a typed town puts the nearest first, by keyboard alone', async () => {
  let host = open('partners');
  await screen.findByText('2 lieux');
  expect(rows()[0]).toContain('Musée de l’Aventure');

  await userEvent.type(screen.getByRole('combobox', { name: 'Ta ville ou ton code postal' }), 'gren');
  expect(await screen.findByRole('option', { name: 'Grenoble (38)' })).toBeTruthy();
  await userEvent.keyboard('{Enter}');

  await vi.waitFor(() => expect(rows()[0]).toMatch(/Le Club.*à moins d’1.km/));
  expect(rows()[1]).toMatch(/à 208.km/);
  expect(screen.getByText('Du plus proche au plus loin de Grenoble.')).toBeTruthy();
  expect(host.asked).toContainEqual({ command: 'around', args: { near: { latitude: 45.19, longitude: 5.72 } } });

  await userEvent.click(screen.getByRole('button', { name: 'Effacer le lieu de départ' }));
  await vi.waitFor(() => expect(rows()[0]).toContain('Musée de l’Aventure'));
  expect(screen.getByRole<HTMLInputElement>('combobox').value).toBe('');
});

test('the position is asked when the button is pressed, never before', async () => {
  let getCurrentPosition = vi.fn((found: PositionCallback) => found({ coords: { latitude: 45.19, longitude: 5.72 } } as GeolocationPosition));
  Object.defineProperty(navigator, 'geolocation', { value: { getCurrentPosition }, configurable: true });
  open('partners');
  await screen.findByText('2 lieux');
  expect(getCurrentPosition).not.toHaveBeenCalled();
  let button = screen.getByRole('button', { name: 'Utiliser ma position', description: /reste dans l’application/ });
  await userEvent.click(button);
  expect(await screen.findByText('Du plus proche au plus loin de ta position.')).toBeTruthy();
});

test.each([
  [1, /ne donne pas ta position/],
  [2, /n’est pas disponible/],
  [3, /trop de temps/],
])('a position that does not come (code %i) says so, and the town field stays', async (code, words) => {
  let getCurrentPosition = (_: PositionCallback, failed: PositionErrorCallback) => failed({ code } as GeolocationPositionError);
  Object.defineProperty(navigator, 'geolocation', { value: { getCurrentPosition }, configurable: true });
  open('partners');
  await userEvent.click(await screen.findByRole('button', { name: 'Utiliser ma position' }));
  expect((await screen.findByRole('alert')).textContent).toMatch(words);
  expect(screen.getByRole('combobox')).toBeTruthy();
});

test('kinds are filtered by chips with their counts', async () => {
  open('partners');
  await userEvent.click(await screen.findByRole('checkbox', { name: 'Musée (1)' }));
  expect(screen.getByRole('heading', { name: '1 lieu' })).toBeTruthy();
  expect(rows()).toHaveLength(1);
  await userEvent.click(screen.getByRole('checkbox', { name: 'Musée (1)' }));
  expect(rows()).toHaveLength(2);
});

test('a place opens to all that is known of it', async () => {
  open('partners');
  let row = await screen.findByRole('button', { name: /^Le Club/ });
  expect(row.getAttribute('aria-expanded')).toBe('false');
  await userEvent.click(row);
  expect(row.getAttribute('aria-expanded')).toBe('true');
  expect(screen.getByText('9 bis rue du Phalanstère')).toBeTruthy();
  expect(screen.getByText('liste de démonstration')).toBeTruthy();
});

test('a deal says its text, its place and its last day', async () => {
  open('deals');
  await userEvent.click(await screen.findByRole('button', { name: /^Une place à 4/ }));
  expect(screen.getByText('Montre ta carte.')).toBeTruthy();
  expect(screen.getByText(/jusqu’au 30.juin 2027/)).toBeTruthy();
  expect(screen.getByText('Le Club')).toBeTruthy();
});

test('fifty come at a time, and the focus goes to the first that is new', async () => {
  let places = Array.from({ length: 60 }, (_, at) => place({ id: `p${at}`, name: `Lieu ${at}` }));
  open('partners', { around: () => view({ places }) });
  await screen.findByText('60 lieux');
  expect(rows()).toHaveLength(50);
  await userEvent.click(screen.getByRole('button', { name: 'Afficher plus' }));
  expect(rows()).toHaveLength(60);
  expect(document.activeElement?.textContent).toContain('Lieu 50');
  expect(screen.queryByRole('button', { name: 'Afficher plus' })).toBeNull();
});

test('a demonstration says so, with the version of the data', async () => {
  open('partners');
  expect(await screen.findByText(/^Liste de démonstration.*Vérifie auprès du lieu\.$/)).toBeTruthy();
  expect(screen.getByText(/^Données.*2026\.11\.1/)).toBeTruthy();
});

test('an empty list and a silent engine each say so', async () => {
  let isBroken = true;
  open('deals', {
    around: () => {
      if (isBroken) throw { code: 'storage' };
      return view({ deals: [] });
    },
  });
  expect(await screen.findByRole('alert')).toBeTruthy();
  isBroken = false;
  await userEvent.click(screen.getByRole('button', { name: 'Réessayer' }));
  expect(await screen.findByText(/Pas de bon plan pour l’instant/)).toBeTruthy();
});

test('the map is loaded when it is opened, and what is pressed on it is shown under it', async () => {
  let host = open('partners', { around: () => view({ places: [place()] }) });
  await screen.findByText('1 lieu');
  expect(host.asked.some((it) => it.command === 'outline')).toBe(false);

  await userEvent.click(screen.getByRole('button', { name: /^Le Club/ }));
  await userEvent.click(screen.getByRole('button', { name: 'Voir sur la carte' }));
  let map = await screen.findByRole('region', { name: /^Carte de la région/ });
  expect(map.tabIndex).toBe(0);
  expect(screen.getByRole('button', { name: 'Carte' }).getAttribute('aria-pressed')).toBe('true');
  for (let name of ['Zoomer', 'Dézoomer', 'Toute la région']) expect(screen.getByRole('button', { name })).toBeTruthy();

  // The chosen place is in the middle of the map: close its words, then press it again.
  await userEvent.click(await screen.findByRole('button', { name: 'Fermer' }));
  expect(screen.queryByRole('button', { name: 'Fermer' })).toBeNull();
  for (let type of ['mousedown', 'mouseup', 'click']) map.dispatchEvent(new MouseEvent(type, { bubbles: true, clientX: 200, clientY: 200 }));
  expect(await screen.findByRole('region', { name: 'Le Club, Grenoble' })).toBeTruthy();
});

test('a map that cannot be read says so, and the list stays', async () => {
  open('partners', {
    outline: () => {
      throw { code: 'damaged' };
    },
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Carte' }));
  expect((await screen.findByRole('alert')).textContent).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Liste' }));
  expect(rows()).toHaveLength(2);
});
