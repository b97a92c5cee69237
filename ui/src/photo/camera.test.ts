// Does every way a camera can start, fail and go end in a screen that helps?
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeHost, type Answers } from '../host/fake';
import { around } from '../host/fake-views';
import CameraScreen from './CameraScreen.svelte';
import { preferences } from './preferences.svelte';

class FakeTrack extends EventTarget {
  isStopped = false;
  constructor(readonly settings: MediaTrackSettings = {}) {
    super();
  }
  getSettings = () => this.settings;
  stop = () => (this.isStopped = true);
}

let given: FakeTrack[];
let asked: MediaStreamConstraints[];
let permission: string | Error;
let start: () => Promise<FakeTrack> | FakeTrack;
let inputs: { kind: string; deviceId: string }[];

beforeEach(() => {
  given = [];
  asked = [];
  permission = 'prompt';
  inputs = [{ kind: 'videoinput', deviceId: 'front' }];
  start = () => new FakeTrack({ facingMode: 'user', deviceId: 'front' });
  let mediaDevices = {
    async getUserMedia(constraints: MediaStreamConstraints) {
      asked.push(constraints);
      let track = await start();
      given.push(track);
      return { getVideoTracks: () => [track], getTracks: () => [track] };
    },
    enumerateDevices: async () => inputs,
  };
  let permissions = {
    async query() {
      if (permission instanceof Error) throw permission;
      return { state: permission };
    },
  };
  Object.defineProperty(navigator, 'mediaDevices', { value: mediaDevices, configurable: true });
  Object.defineProperty(navigator, 'permissions', { value: permissions, configurable: true });
  // jsdom has no camera, no canvas and no video: each of them says what this test needs.
  vi.spyOn(HTMLMediaElement.prototype, 'readyState', 'get').mockReturnValue(2);
  vi.spyOn(HTMLVideoElement.prototype, 'videoWidth', 'get').mockReturnValue(720);
  vi.spyOn(HTMLVideoElement.prototype, 'videoHeight', 'get').mockReturnValue(960);
  vi.spyOn(HTMLMediaElement.prototype, 'pause').mockImplementation(() => {});
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
  vi.spyOn(HTMLCanvasElement.prototype, 'toDataURL').mockReturnValue('data:image/jpeg;base64,Rg==');
  vi.spyOn(HTMLCanvasElement.prototype, 'toBlob').mockImplementation((take) => take(new Blob(['still'])));
  Object.assign(preferences, { isAutomatic: true, isLit: false });
});

afterEach(() => {
  cleanup();
  Reflect.deleteProperty(navigator, 'mediaDevices');
  Reflect.deleteProperty(window, 'ImageCapture');
});

const named = (name: string) => Object.assign(new Error(name), { name });
const press = async (name: string | RegExp) => userEvent.click(await screen.findByRole('button', { name }));
const video = () => screen.findByLabelText<HTMLVideoElement>('Ce que voit l’appareil photo');

function open(answers: Answers = { look: () => ({ fault: null }) }) {
  let host = fakeHost(answers);
  let onpicture = vi.fn();
  let { unmount } = render(CameraScreen, {
    props: { progress: { at: 8, of: 9 }, isOpening: false, isLong: false, onpicture, onback: () => {} },
    context: around(host),
  });
  return { host, onpicture, unmount };
}

/** Agrees, and sees the first picture. */
async function begin(answers?: Answers) {
  let opened = open(answers);
  await press('Ouvrir l’appareil photo');
  await fireEvent.playing(await video());
  return opened;
}

test('a camera that never gives a picture is given back, and can be tried again', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  open();
  await press('Ouvrir l’appareil photo');
  await video();
  vi.advanceTimersByTime(8_000);
  await screen.findByRole('heading', { name: 'L’appareil photo est occupé' });
  expect(given.map((track) => track.isStopped)).toEqual([true]);
  await press('Réessayer');
  await fireEvent.playing(await video());
  vi.advanceTimersByTime(60_000);
  expect(given.map((track) => track.isStopped)).toEqual([true, false]);
  vi.useRealTimers();
});

test('the reason comes before the system’s question', async () => {
  open();
  expect(await screen.findByText(/^On a besoin de l’appareil photo/)).toBeTruthy();
  expect(asked).toEqual([]);
  await press('Ouvrir l’appareil photo');
  expect(asked).toEqual([{ audio: false, video: { width: { ideal: 4096 }, height: { ideal: 4096 }, facingMode: 'user' } }]);
  expect(JSON.stringify(asked)).not.toContain('exact');
});

test('who agreed before is asked nothing', async () => {
  permission = 'granted';
  open();
  await video();
  expect(asked).toHaveLength(1);
});

test('an engine that cannot tell what is allowed shows the reason', async () => {
  permission = new TypeError('camera');
  open();
  expect(await screen.findByRole('button', { name: 'Ouvrir l’appareil photo' })).toBeTruthy();
});

test.each([
  ['NotAllowedError', 'L’appareil photo n’est pas autorisé'],
  ['SecurityError', 'L’appareil photo n’est pas autorisé'],
  ['NotFoundError', 'Pas d’appareil photo ici'],
  ['OverconstrainedError', 'Pas d’appareil photo ici'],
  ['NotReadableError', 'L’appareil photo est occupé'],
  ['AbortError', 'L’appareil photo est occupé'],
  ['SomethingNew', 'L’appareil photo est occupé'],
])('%s leads to a screen with the import, and to another try', async (name, title) => {
  start = () => Promise.reject(named(name));
  let { onpicture } = open();
  await press('Ouvrir l’appareil photo');
  expect(await screen.findByRole('heading', { level: 1, name: title })).toBeTruthy();
  await userEvent.upload(screen.getByLabelText('Importer une photo'), new File(['x'], 'moi.jpg', { type: 'image/jpeg' }));
  expect(onpicture).toHaveBeenCalledOnce();
  let outside = screen.getByLabelText<HTMLInputElement>('Appareil photo du téléphone');
  expect([outside.accept, outside.getAttribute('capture')]).toEqual(['image/*', 'user']);
  start = () => new FakeTrack();
  await press('Réessayer');
  expect(await video()).toBeTruthy();
});

test('a shell without cameras goes straight to the other ways', async () => {
  Reflect.deleteProperty(navigator, 'mediaDevices');
  open();
  expect(await screen.findByRole('heading', { level: 1, name: 'Pas d’appareil photo ici' })).toBeTruthy();
  expect(screen.getByLabelText('Importer une photo')).toBeTruthy();
});

test('a camera that is unplugged while it runs is said to be lost', async () => {
  await begin();
  given[0]?.dispatchEvent(new Event('ended'));
  expect(await screen.findByRole('heading', { level: 1, name: 'L’appareil photo s’est arrêté' })).toBeTruthy();
});

test('the camera is given back when the screen goes, and when nobody looks at the page', async () => {
  let { unmount } = await begin();
  let hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  await fireEvent(document, new Event('visibilitychange'));
  expect(given[0]?.isStopped).toBe(true);
  hidden.mockReturnValue(false);
  await fireEvent(document, new Event('visibilitychange'));
  await expect.poll(() => given.length).toBe(2);
  unmount();
  expect(given[1]?.isStopped).toBe(true);
});

test('a camera that starts after the screen went is given back at once', async () => {
  let give: (track: FakeTrack) => void = () => {};
  start = () => new Promise((resolve) => (give = resolve));
  let { unmount } = open();
  await press('Ouvrir l’appareil photo');
  unmount();
  give(new FakeTrack());
  await expect.poll(() => given[0]?.isStopped).toBe(true);
});

test('one hint at a time is read and heard', async () => {
  await begin({ look: () => ({ fault: 'too_far' }) });
  expect(await screen.findAllByText('Approche-toi')).toHaveLength(2);
  expect(screen.getByRole('status').textContent).toBe('Approche-toi');
});

test('the photo takes itself after a second of good pictures', async () => {
  let { onpicture } = await begin();
  expect((await screen.findAllByText('C’est bon, ne bouge plus')).length).toBeGreaterThan(0);
  await expect.poll(() => onpicture.mock.calls.length, { timeout: 3000 }).toBe(1);
  expect(await (onpicture.mock.calls[0]?.[0] as Blob).size).toBe(5);
});

test('whoever switches it off presses the shutter, with a finger or with Space', async () => {
  let { onpicture } = await begin();
  await userEvent.click(screen.getByRole('switch', { name: 'Déclenchement automatique' }));
  expect((await screen.findAllByText(/prends ta photo$/)).length).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 1300));
  expect(onpicture).not.toHaveBeenCalled();
  screen.getByRole('heading', { level: 1 }).focus();
  await userEvent.keyboard(' ');
  await expect.poll(() => onpicture.mock.calls.length).toBe(1);
  await press('Prendre la photo');
  await expect.poll(() => onpicture.mock.calls.length).toBe(2);
  expect(preferences.isAutomatic).toBe(false);
});

test('a camera that takes photos of its own gives them, whole', async () => {
  let photo = new Blob(['full size']);
  Object.assign(window, { ImageCapture: class { takePhoto = async () => photo } });
  let { onpicture } = await begin();
  await press('Prendre la photo');
  await expect.poll(() => onpicture.mock.calls[0]?.[0]).toBe(photo);
});

test('a camera that promises a photo and fails gives its running picture instead', async () => {
  Object.assign(window, { ImageCapture: class { takePhoto = () => Promise.reject(named('UnknownError')) } });
  let { onpicture } = await begin();
  await press('Prendre la photo');
  await expect.poll(() => (onpicture.mock.calls[0]?.[0] as Blob | undefined)?.size).toBe(5);
});

test('an engine that fails leaves the shutter to the person', async () => {
  let { onpicture } = await begin({
    look: () => {
      throw { code: 'storage' };
    },
  });
  expect((await screen.findAllByText(/^L’aide ne répond pas/)).length).toBeGreaterThan(0);
  await press('Prendre la photo');
  await expect.poll(() => onpicture.mock.calls.length).toBe(1);
});

test('one question about a picture is on its way at most', async () => {
  let open = 0;
  let most = 0;
  await begin({
    async look() {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 60));
      open -= 1;
      return { fault: 'nobody' };
    },
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(most).toBe(1);
});

test('several cameras can be changed, the next one around to the first', async () => {
  inputs = [{ kind: 'videoinput', deviceId: 'front' }, { kind: 'videoinput', deviceId: 'back' }, { kind: 'audioinput', deviceId: 'mic' }];
  await begin();
  start = () => new FakeTrack({ facingMode: 'environment', deviceId: 'back' });
  await press('Changer de caméra');
  expect(given[0]?.isStopped).toBe(true);
  expect(asked.at(-1)).toMatchObject({ video: { deviceId: { ideal: 'back' } } });
  await expect.poll(async () => (await video()).className).not.toContain('mirrored');
  await press('Changer de caméra');
  expect(asked.at(-1)).toMatchObject({ video: { deviceId: { ideal: 'front' } } });
});

test('the screen gives light on demand', async () => {
  await begin();
  let light = screen.getByRole('button', { name: 'Éclairer avec l’écran' });
  await userEvent.click(light);
  expect(light.getAttribute('aria-pressed')).toBe('true');
  expect(light.closest('.lit')).toBeTruthy();
});
