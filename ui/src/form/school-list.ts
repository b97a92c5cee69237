// What the list under the school's field shows, and in which groups.
import type { SchoolView } from '../host/commands.gen';
import { fr } from '../wording/fr';

export interface Shelf {
  title: string | null;
  schools: SchoolView[];
}

/** Nothing typed: what was chosen here, then what is near. Otherwise one list, best first. */
export function shelves(found: readonly SchoolView[], typed: string): Shelf[] {
  if (typed.trim() !== '') return [{ title: null, schools: [...found] }];
  return [
    { title: fr.school.usedHere, schools: found.filter((it) => it.used_here) },
    { title: fr.school.near, schools: found.filter((it) => !it.used_here) },
  ].filter((it) => it.schools.length > 0);
}

/** « NOM [VILLE] [CODE] » in its two parts: what is read, and what tells two of a name apart. */
export function parted(school: SchoolView): [name: string, rest: string] {
  let { name, label } = school;
  return label.startsWith(name) ? [name, label.slice(name.length)] : [label, ''];
}
