// What people type or paste as a date of birth, in three parts.

export type BirthParts = [day: string, month: string, year: string];

/** Reads a whole date in one go: 21/11/2009, 21.11.2009, 2009-11-21, 21112009. None when it is not one. */
export function wholeDate(text: string): BirthParts | null {
  let compact = /^(\d{2})(\d{2})(\d{4})$/.exec(text.trim());
  let [first = '', second = '', third = '', ...more] = compact ? compact.slice(1) : text.trim().split(/[\s./-]+/);
  if (more.length > 0 || ![first, second, third].every((it) => /^\d{1,4}$/.test(it))) return null;
  if (first.length === 4) return [third, second, first];
  return third.length === 4 || third.length === 2 ? [first, second, third] : null;
}

/** As it is kept: « jj/mm/aaaa »; nothing at all while nothing is typed. */
export function joined(parts: readonly string[]): string {
  let padded = parts.map((it, at) => (at < 2 && it.length === 1 ? `0${it}` : it));
  return parts.some(Boolean) ? padded.join('/') : '';
}

/** The other way round, for what was kept before. */
export function parted(kept: string): BirthParts {
  let [day = '', month = '', year = ''] = kept.split('/');
  return [day, month, year];
}
