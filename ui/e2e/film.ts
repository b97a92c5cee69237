// What a fake camera shows: scenes drawn from the one portrait, or codes, one JPEG after the other.
import { writeFileSync } from 'node:fs';
import { chromium, test, type Browser, type Page } from '@playwright/test';
import { Form } from './form';
import { quick } from './hands';
import { astronaut } from './picture';
import type { Stage } from './stage';

/** How the portrait stands before the camera; without a face in it, only its wall does. */
export interface Scene {
  /** Chin to crown, as a share of what the window shows of its height. */
  face?: number;
  /** Where the middle of the face stands, in shares of the width. */
  across?: number;
  /** 1 is as the portrait was taken. */
  light?: number;
  turn?: number;
  /** A second one beside the first. */
  twice?: boolean;
}

/** Upright, and a little higher than the window: what lies outside of it is not judged. */
const SIZE = { width: 720, height: 960 };
/** The face in the portrait, in shares of its width and height: the middle, and chin to crown. */
const FACE = { x: 0.497, y: 0.316, height: 0.414 };
const PER_SECOND = 30;

/** Draws scenes as JPEG pictures. */
export async function draw(browser: Browser, scenes: readonly Scene[], size: { width: number; height: number } = SIZE): Promise<Buffer[]> {
  let page = await browser.newPage();
  let url = `data:image/jpeg;base64,${astronaut().toString('base64')}`;
  let drawn = await page.evaluate(inPage, { url, scenes, size, face: FACE });
  await page.close();
  return drawn.map((it) => Buffer.from(it, 'base64'));
}

/** Writes a film in which each scene stays for so many seconds. */
export async function film(browser: Browser, path: string, parts: readonly (readonly [Scene, seconds: number])[]): Promise<void> {
  let frames = await draw(browser, parts.map(([scene]) => scene));
  writeFileSync(path, Buffer.concat(frames.flatMap((frame, at) => Array<Buffer>(Math.round((parts[at]?.[1] ?? 1) * PER_SECOND)).fill(frame))));
}

interface Asked {
  url: string;
  scenes: readonly Scene[];
  size: { width: number; height: number };
  face: { x: number; y: number; height: number };
}

async function inPage({ url, scenes, size, face }: Asked): Promise<string[]> {
  let portrait = new Image();
  portrait.src = url;
  await portrait.decode();
  return scenes.map((scene) => {
    let canvas = Object.assign(document.createElement('canvas'), size);
    let pen = canvas.getContext('2d');
    if (!pen) throw new Error('no canvas');
    // A plain wall, as bright as the one behind her.
    pen.fillStyle = '#c9c1bb';
    pen.filter = `brightness(${scene.light ?? 1})`;
    pen.fillRect(0, 0, size.width, size.height);
    let scale = ((scene.face ?? 0) * size.height * 0.9645) / (face.height * portrait.naturalHeight);
    for (let across of scene.twice ? [0.27, 0.73] : [scene.across ?? 0.5]) {
      if (!scene.face) continue;
      pen.save();
      pen.beginPath();
      pen.rect(scene.twice && across > 0.5 ? size.width / 2 : 0, 0, scene.twice ? size.width / 2 : size.width, size.height);
      pen.clip();
      pen.translate(across * size.width, 0.5 * size.height);
      pen.rotate(((scene.turn ?? 0) * Math.PI) / 180);
      pen.scale(scale, scale);
      pen.drawImage(portrait, -face.x * portrait.naturalWidth, -face.y * portrait.naturalHeight);
      pen.restore();
    }
    return canvas.toDataURL('image/jpeg', 0.85).split(',')[1] ?? '';
  });
}

/** A film that shows each of these codes for a second or so, in a hand that is never quite still. */
export async function filmed(page: Page, codes: readonly string[]): Promise<Buffer> {
  let drawn = await page.evaluate(async (codes) => {
    let canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
    let pen = canvas.getContext('2d');
    if (!pen) throw new Error('no canvas');
    let drawn: string[] = [];
    for (let src of codes) {
      let code = Object.assign(new Image(), { src });
      await code.decode();
      for (let turn of [0.06, 0.02, 0.04, 0]) {
        pen.resetTransform();
        pen.fillStyle = '#8a8a88';
        pen.fillRect(0, 0, 1280, 720);
        pen.translate(640, 360);
        pen.rotate(turn);
        let side = 580 + 1000 * turn;
        pen.drawImage(code, -side / 2, -side / 2, side, side);
        drawn.push(canvas.toDataURL('image/jpeg', 0.85).split(',')[1] ?? '');
      }
    }
    return drawn;
  }, codes);
  return Buffer.concat(drawn.flatMap((jpeg) => Array<Buffer>(PER_SECOND / 3).fill(Buffer.from(jpeg, 'base64'))));
}

/** A browser on the screens of a phone, whose camera sees what this file shows when it starts. */
export async function seeing(stage: Stage, path: string): Promise<{ browser: Browser; form: Form }> {
  let { launchOptions, contextOptions, ...options } = test.info().project.use;
  let args = ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${path}`];
  let browser = await chromium.launch({ ...launchOptions, args });
  let context = await browser.newContext({ ...options, ...contextOptions, permissions: ['camera'] });
  let page = await context.newPage();
  await page.goto(stage.address);
  return { browser, form: new Form(page, quick(page)) };
}
