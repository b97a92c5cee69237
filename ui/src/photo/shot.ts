// From a running camera: a small frame to judge, and the photo itself.
import { middle } from './framing';

/** What the engine asks for: 7:9, small enough to be judged ten times a second. */
const FRAME = { width: 288, height: 370 };
/** A camera that has not given its photo by then will not. */
const DEADLINE_MS = 3000;

interface StillCamera {
  takePhoto(): Promise<Blob>;
}

/** Only where the engine of the screens has it; TypeScript's own list does not. */
type StillCameraMaker = new (track: MediaStreamTrack) => StillCamera;

/** The window's part of the video as a JPEG in base64; none while there is nothing to see. */
export function frameOf(video: HTMLVideoElement, canvas: HTMLCanvasElement): string | null {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0) return null;
  let { x, y, width, height } = middle({ width: video.videoWidth, height: video.videoHeight });
  Object.assign(canvas, FRAME);
  canvas.getContext('2d', { alpha: false })?.drawImage(video, x, y, width, height, 0, 0, FRAME.width, FRAME.height);
  return canvas.toDataURL('image/jpeg', 0.8).split(',')[1] || null;
}

/** The photo, as large as this camera gives it. */
export async function shoot(video: HTMLVideoElement, track: MediaStreamTrack | undefined): Promise<Blob> {
  let ImageCapture = (window as { ImageCapture?: StillCameraMaker }).ImageCapture;
  if (ImageCapture && track) {
    try {
      let photo = await inTime(new ImageCapture(track).takePhoto());
      if (photo.size > 0) return photo;
    } catch {
      // Some cameras promise it and fail: the running picture is there anyway.
    }
  }
  return still(video);
}

function inTime<T>(promise: Promise<T>): Promise<T> {
  let late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('late')), DEADLINE_MS));
  return Promise.race([promise, late]);
}

/** The present picture of the video, at its full size. */
function still(video: HTMLVideoElement): Promise<Blob> {
  let canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d', { alpha: false })?.drawImage(video, 0, 0);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/jpeg', 0.95));
}
