// A file for the person to keep, as a browser does it: among its downloads.
import type { FileToSave, Saved } from './host';

/** The browser has read it long before. */
const READ_MS = 30_000;

export async function download({ name, bytes }: FileToSave): Promise<Saved> {
  let url = URL.createObjectURL(new Blob([bytes]));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), READ_MS);
  return 'downloads';
}
