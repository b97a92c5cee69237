// Between two students nothing of the first stays in the window: no text in the clipboard, no mark, no title.
import { forgetReliefs } from '../parts/relief';

/** Forgets what no component holds. What they hold goes with them. */
export async function forget(): Promise<void> {
  getSelection()?.removeAllRanges();
  (document.activeElement as HTMLElement | null)?.blur();
  forgetReliefs();
  try {
    // A space: several engines refuse to write nothing.
    await navigator.clipboard.writeText(' ');
  } catch {
    // No clipboard in this window: then nothing was copied from it by us, either.
  }
}
