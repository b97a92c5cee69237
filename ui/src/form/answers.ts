// The answers of a draft, as the check reads them out.
import type { DraftView, Field } from '../host/commands.gen';
import { FIELD_LABELS } from '../wording/fields';
import { fr } from '../wording/fr';

interface Row {
  label: string;
  value: string;
}
interface Group {
  step: keyof typeof fr.check.modifyWhat;
  rows: Row[];
}

export function answers(view: DraftView): Group[] {
  let row = (field: Field, value = view.values[field]): Row => ({ label: FIELD_LABELS[field], value: value ?? '' });
  let filled = (...fields: Field[]) => fields.filter((field) => view.values[field]).map((field) => row(field));
  return [
    {
      step: 'identity',
      rows: [
        row('civility', named(fr.identity.civilities, view.values.civility)),
        row('family_name'),
        row('given_name'),
        row('birth_date'),
        row('email'),
        { label: fr.check.password, value: view.password_kept ? fr.check.passwordKept : '' },
      ],
    },
    {
      step: 'contact',
      rows: [
        row('phone_number'),
        ...filled('care_of'),
        row('address_line'),
        ...filled('locality', 'residence', 'building', 'floor'),
        row('commune', [view.values.postal_code, view.commune?.name ?? view.values.commune].filter(Boolean).join(' ')),
      ],
    },
    { step: 'school', rows: [row('school', view.school?.label ?? ''), row('track', view.track ? `${view.track.group}, ${view.track.label}` : '')] },
    { step: 'photo', rows: [row('photo', '')] },
    { step: 'sending', rows: [row('sending', named(fr.check.sendingShort, view.values.sending))] },
  ];
}

/** The words of a chosen code; a code of another version is shown as it is. */
function named(words: Readonly<Record<string, string>>, code: string | undefined): string {
  return code ? (words[code] ?? code) : '';
}
