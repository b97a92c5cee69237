// Which tracks are shown: those of the school when it is known what it teaches.
import type { TracksView, TrackView } from '../host/commands.gen';
import { fold } from '../wording/fold';

/** The tracks known at the chosen school; all of them when nothing is known of it. */
export function atSchool({ tracks, at_school }: TracksView): TrackView[] {
  let known = at_school && tracks.filter((it) => at_school.includes(it.code));
  return known && known.length > 0 ? known : tracks;
}

/** The groups in their order. */
export function groupsOf(tracks: readonly TrackView[]): string[] {
  return [...new Set(tracks.map((it) => it.group))];
}

/** The tracks whose name holds these letters, accents and case aside. */
export function matching(tracks: readonly TrackView[], letters: string): TrackView[] {
  return tracks.filter((it) => fold(it.label).includes(fold(letters)));
}
