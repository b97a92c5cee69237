// The answers of a draft, as the check reads them out.
import type { DraftView, Field, Step } from '../host/commands.gen';
import { FIELD_LABELS } from '../wording/fields';
import { fr } from '../wording/fr';

interface Row {
  field: Field;
  label: string;
  value: string;
}
export interface Group {
  step: Exclude<Step, 'charter'>;
  rows: Row[];
}

/** The answers in the order of the steps; those of a step that is not asked are left out. */
export function answers(view: DraftView): Group[] {
  return view.steps.filter((step) => step !== 'charter').map((step) => ({ step, rows: ROWS[step](view) }));
}

const ROWS: Record<Group['step'], (view: DraftView) => Row[]> = {
  identity: (view) => [
    ...(view.values.filer === 'OTHER' ? [said('filer', person(view, 'filer', fr.identity.filerLinks))] : []),
    said('civility', named(fr.identity.civilities, view.values.civility)),
    ...plain(view, 'family_name', 'given_name', 'birth_date'),
  ],
  guardian: (view) => [
    { field: 'guardian_family_name', label: fr.check.person, value: person(view, 'guardian', fr.guardian.links) },
    ...plain(view, 'guardian_contact'),
    said('guardian_consent', view.values.guardian_consent === 'OUI' ? fr.check.consent : ''),
  ],
  account: (view) => [...plain(view, 'email'), said('password', view.password_kept ? fr.check.passwordKept : '')],
  contact: (view) => [
    ...plain(view, 'phone_number'),
    ...filled(view, 'care_of'),
    ...plain(view, 'address_line'),
    ...filled(view, 'locality', 'residence', 'building', 'floor'),
    said('commune', [view.values.postal_code, view.commune?.name ?? view.values.commune].filter(Boolean).join(' ')),
  ],
  school: (view) =>
    view.values.school === 'NOT_LISTED' ? plain(view, 'school_name', 'school_town') : [said('school', view.school?.label ?? '')],
  track: (view) =>
    view.values.track === 'NOT_LISTED'
      ? plain(view, 'track_name')
      : [said('track', view.track ? [...new Set([view.track.group, view.track.label])].join(', ') : '')],
  photo: (view) => [...(view.photo ? [] : [said('photo', '')]), ...filled(view, 'photo_note')],
  sending: (view) => [said('sending', named(fr.check.sendingShort, view.values.sending))],
};

function said(field: Field, value: string): Row {
  return { field, label: FIELD_LABELS[field], value };
}

function plain(view: DraftView, ...fields: Field[]): Row[] {
  return fields.map((field) => said(field, view.values[field] ?? ''));
}

function filled(view: DraftView, ...fields: Field[]): Row[] {
  return plain(view, ...fields.filter((field) => view.values[field]));
}

/** « Anne Martin, mère » */
function person({ values }: DraftView, who: 'filer' | 'guardian', links: Readonly<Record<string, string>>): string {
  let name = [values[`${who}_given_name`], values[`${who}_family_name`]].filter(Boolean).join(' ');
  return [name, named(links, values[`${who}_link`]).toLowerCase()].filter(Boolean).join(', ');
}

/** The words of a chosen code; a code of another version is shown as it is. */
function named(words: Readonly<Record<string, string>>, code: string | undefined): string {
  return code ? (words[code] ?? code) : '';
}
