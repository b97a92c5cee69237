// Where this phone is: asked only when a person presses the button, told to nobody.
import type { Point } from '../host/commands.gen';

export type NoPosition = 'denied' | 'unavailable' | 'slow';

/** Far enough to trust for « nearest first », short enough not to leave a person waiting. */
const MOST_MS = 12_000;
const STILL_GOOD_MS = 5 * 60_000;

/** Asks the system once. Rejects with a [`NoPosition`]. */
export function askPosition(): Promise<Point> {
  return new Promise((resolve, reject: (why: NoPosition) => void) => {
    // Absent in windows whose system has no location service.
    let service = navigator.geolocation as Geolocation | undefined;
    if (!service) return reject('unavailable');
    service.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => resolve({ latitude, longitude }),
      ({ code }) => reject(code === 1 ? 'denied' : code === 3 ? 'slow' : 'unavailable'),
      { enableHighAccuracy: false, timeout: MOST_MS, maximumAge: STILL_GOOD_MS },
    );
  });
}
