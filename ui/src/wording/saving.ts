// Where a file is that the person wanted to keep, or why it is nowhere.
import type { Saved } from '../host/host';

export const saving = {
  busy: 'Enregistrement…',
  at: (path: string) => `Enregistré : ${path}`,
  downloads: 'Enregistré dans tes téléchargements.',
  chosen: 'Enregistré là où tu l’as choisi.',
  left: 'Rien n’est enregistré. Appuie encore, puis choisis un endroit.',
  full: 'Plus de place : rien n’est enregistré. Libère un peu de place, puis réessaie.',
  failed: 'Cet endroit n’a pas pris le fichier : rien n’est enregistré. Réessaie, ou choisis un autre endroit.',
  silent: 'Ton téléphone ne répond pas. Regarde si le fichier est là ; sinon, réessaie.',
} as const;

export function isSaved(saved: Saved): boolean {
  return typeof saved === 'object' || saved === 'downloads' || saved === 'chosen';
}

export function sayWhere(saved: Saved): string {
  return typeof saved === 'object' ? saving.at(saved.at) : saving[saved];
}
