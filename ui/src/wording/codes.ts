// The sentences of what is too long for one code, for whoever shows it.
export const codes = {
  of: (at: number, of: number) => `Code ${at} sur ${of}`,
  pause: 'Arrêter',
  play: 'Reprendre',
  next: 'Code suivant',
} as const;
