// Dates, times and sizes the French way.
const TIME = new Intl.DateTimeFormat('fr-FR', { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat('fr-FR', { day: 'numeric', month: 'long', year: 'numeric' });
/** A day without a time belongs to no time zone. */
const DAY_ALONE = new Intl.DateTimeFormat('fr-FR', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });

/** « 14:02 » */
export function time(ms: number): string {
  return TIME.format(ms);
}

/** « 21 novembre 2026 » */
export function day(ms: number): string {
  return whole(DAY.format(ms));
}

/** « 14:02 » today, « 21 novembre 2026, 14:02 » on another day. */
export function moment(ms: number, now = Date.now()): string {
  return day(ms) === day(now) ? time(ms) : `${day(ms)}, ${time(ms)}`;
}

/** « 21 novembre 2026 » from `2026-11-21`; what is no date is shown as it is. */
export function dayOf(iso: string): string {
  let ms = Date.parse(`${iso}T00:00:00Z`);
  return Number.isNaN(ms) ? iso : whole(DAY_ALONE.format(ms));
}

/** « 1er », and the day stays with its month; the year may go to the next line. */
function whole(date: string): string {
  return date.replace(/^1 /, '1er ').replace(' ', '\u00a0');
}

const EUROS = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' });
const WHOLE_EUROS = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 });

/** « 50 € », « 7,50 € » */
export function euros(cents: number): string {
  return (cents % 100 === 0 ? WHOLE_EUROS : EUROS).format(cents / 100);
}

/** « 2 Mo » */
export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toLocaleString('fr-FR', { maximumFractionDigits: 1 })} Mo`;
}
