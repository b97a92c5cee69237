// What only the window can look at before the day: battery and camera.
import { canAsk } from '../photo/camera.svelte';
import { stand } from '../wording/stand';

/** One thing that was looked at. */
export interface Look {
  what: string;
  good: boolean;
  value: string;
}

/** Enough to begin a day with, away from a socket. */
const LEAST_BATTERY = 0.5;

interface Battery {
  level: number;
  charging: boolean;
}

const words = stand.ready;

/** Battery and camera, as far as this window tells. What it does not tell is for the agent to look at. */
export async function look(): Promise<Look[]> {
  return [await battery(), await camera()];
}

async function battery(): Promise<Look> {
  try {
    let told = await (navigator as { getBattery?: () => Promise<Battery> }).getBattery?.();
    if (told) {
      let value = words.batteryValue(Math.round(told.level * 100), told.charging);
      return { what: words.battery, good: told.charging || told.level >= LEAST_BATTERY, value };
    }
  } catch {
    // Not told: said below.
  }
  return { what: words.battery, good: true, value: words.batteryUnknown };
}

async function camera(): Promise<Look> {
  let said = (good: boolean, value: string) => ({ what: words.camera, good, value });
  if (!canAsk()) return said(false, words.cameraNone);
  try {
    let { state } = await navigator.permissions.query({ name: 'camera' as PermissionName });
    if (state === 'denied') return said(false, words.cameraRefused);
  } catch {
    // Not every engine can tell.
  }
  let all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  let isThere = all.some((it) => it.kind === 'videoinput');
  return said(isThere, isThere ? words.cameraThere : words.cameraNone);
}
