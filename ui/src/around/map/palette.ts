// The map's colours and letters, from the same tokens as every screen.
import type { PlaceKind } from '../../host/commands.gen';
import { colourRole, KINDS } from '../kinds';

export interface Palette {
  paper: string;
  land: string;
  line: string;
  edge: string;
  ink: string;
  quiet: string;
  accent: string;
  soft: string;
  kinds: Record<PlaceKind, string>;
  onKind: string;
  /** The person's own text size, in pixels, and how much larger marks are for it. */
  text: number;
  unit: number;
  family: string;
}

const USUAL_TEXT = 17;

/** Reads the tokens as they stand now: light or dark, and at the person's text size. */
export function readPalette(element: Element): Palette {
  let style = getComputedStyle(element);
  let text = Number.parseFloat(style.fontSize) || USUAL_TEXT;
  let token = (name: string) => style.getPropertyValue(name).trim() || '#5b6670';
  return {
    paper: token('--paper'),
    land: token('--surface'),
    line: token('--line'),
    edge: token('--edge'),
    ink: token('--ink'),
    quiet: token('--ink-2'),
    accent: token('--accent'),
    soft: token('--accent-soft'),
    kinds: Object.fromEntries(KINDS.map((kind) => [kind, token(colourRole(kind))])) as Record<PlaceKind, string>,
    onKind: token('--kind-ink'),
    text,
    unit: Math.min(Math.max(text / USUAL_TEXT, 1), 1.5),
    family: style.fontFamily || 'system-ui',
  };
}
