// « 1 dossier », « 3 dossiers ».

/** A count with its noun, on one line. */
export function many(count: number, one: string, more: string): string {
  return `${count} ${count > 1 ? more : one}`;
}
