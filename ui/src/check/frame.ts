// From a running camera: the middle of its picture, as large as a code needs.

/** A live code has some 73 points across with its rim; each gets nine pixels and more. */
const MOST_PIXELS = 720;

/** The square in the middle of the video as a JPEG in base64; none while there is nothing to see. */
export function frameOf(video: HTMLVideoElement, canvas: HTMLCanvasElement): string | null {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0) return null;
  let side = Math.min(video.videoWidth, video.videoHeight);
  let pixels = Math.min(side, MOST_PIXELS);
  Object.assign(canvas, { width: pixels, height: pixels });
  let [x, y] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
  canvas.getContext('2d', { alpha: false })?.drawImage(video, x, y, side, side, 0, 0, pixels, pixels);
  return canvas.toDataURL('image/jpeg', 0.8).split(',')[1] || null;
}
