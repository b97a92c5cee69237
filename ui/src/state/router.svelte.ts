// Which screen is open, and how Android's back button finds the one before.
import type { DuplicateReason, Step } from '../host/commands.gen';

export type FormStep = Step | 'check';

/** What the map shows. */
export type AroundKind = 'partners' | 'deals';

/** What is done before a dossier is on this phone. */
export type AccessPart = 'sign-in' | 'number' | 'password' | 'activation' | 'link';

/** What is done with the account of a dossier on this phone. */
export type AccountPart = 'home' | 'activation' | 'password' | 'address' | 'contact' | 'devices' | 'export' | 'erase' | 'sign-out';

/** What a stand is: the tablet of an event, and what a student's phone does with one. */
export type StandPart = 'home' | 'phone' | 'claim' | 'take';

export type StandScreen = { name: 'stand'; part: StandPart } | { name: 'handover'; draft: string };

export type AccessScreen = { name: 'access'; part: AccessPart } | { name: 'account'; draft: string; part: AccountPart };

export type Screen =
  | AccessScreen
  | StandScreen
  | { name: 'landing' }
  | { name: 'space' }
  | { name: 'around'; kind: AroundKind }
  | { name: 'faq' }
  | { name: 'about' }
  | { name: 'verify' }
  | { name: 'form'; draft: string; step: FormStep; fromCheck: boolean }
  | { name: 'dossier'; draft: string }
  | { name: 'slip'; draft: string }
  | { name: 'card'; draft: string }
  | { name: 'give-photo'; draft: string }
  | { name: 'benefits'; draft: string }
  | { name: 'paper'; draft: string }
  | { name: 'duplicate'; draft: string; reason: DuplicateReason | null };

/** Every step in its order, with its word in the address. A draft's own steps are in its view. */
export const STEPS: readonly (readonly [FormStep, string])[] = [
  ['charter', 'charte'],
  ['identity', 'identite'],
  ['guardian', 'responsable'],
  ['account', 'compte'],
  ['contact', 'contact'],
  ['school', 'etablissement'],
  ['track', 'filiere'],
  ['photo', 'photo'],
  ['sending', 'envoi'],
  ['check', 'verifier'],
];
const REASONS: readonly DuplicateReason[] = ['PERTE', 'VOL', 'DETERIORATION'];
const ACCOUNT_PARTS: readonly (readonly [AccountPart, string])[] = [
  ['home', ''],
  ['activation', 'activation'],
  ['password', 'mot-de-passe'],
  ['address', 'adresse'],
  ['contact', 'coordonnees'],
  ['devices', 'appareils'],
  ['export', 'copie'],
  ['erase', 'effacer'],
  ['sign-out', 'deconnexion'],
];
const FROM_CHECK = 'modifier';
const HANDOVER = 'remettre';
const GIVE_PHOTO = 'photo';

/** The screens that need no draft, with their address. */
const ALONE: readonly (readonly [Screen, string])[] = [
  [{ name: 'space' }, 'espace'],
  [{ name: 'around', kind: 'partners' }, 'partenaires'],
  [{ name: 'around', kind: 'deals' }, 'bons-plans'],
  [{ name: 'faq' }, 'faq'],
  [{ name: 'about' }, 'a-propos'],
  [{ name: 'verify' }, 'verifier-une-carte'],
  [{ name: 'access', part: 'sign-in' }, 'connexion'],
  [{ name: 'access', part: 'number' }, 'numero-oublie'],
  [{ name: 'access', part: 'password' }, 'mot-de-passe-oublie'],
  [{ name: 'access', part: 'activation' }, 'activation'],
  [{ name: 'access', part: 'link' }, 'lien'],
  [{ name: 'stand', part: 'home' }, 'stand'],
  [{ name: 'stand', part: 'phone' }, 'au-stand'],
  [{ name: 'stand', part: 'claim' }, 'ticket'],
  [{ name: 'stand', part: 'take' }, 'reprendre'],
];

/** The address of a screen: everything is after the `#`, so it works under any scheme. */
export function path(screen: Screen): string {
  switch (screen.name) {
    case 'landing':
      return '#/';
    case 'form': {
      let word = STEPS.find(([step]) => step === screen.step)?.[1];
      return `#/brouillon/${screen.draft}/${word}${screen.fromCheck ? `/${FROM_CHECK}` : ''}`;
    }
    case 'handover':
      return `#/brouillon/${screen.draft}/${HANDOVER}`;
    case 'dossier':
      return `#/dossier/${screen.draft}`;
    case 'slip':
      return `#/dossier/${screen.draft}/etablissement`;
    case 'card':
      return `#/dossier/${screen.draft}/carte`;
    case 'give-photo':
      return `#/dossier/${screen.draft}/carte/${GIVE_PHOTO}`;
    case 'benefits':
      return `#/dossier/${screen.draft}/avantages`;
    case 'paper':
      return `#/dossier/${screen.draft}/papier`;
    case 'duplicate':
      return `#/dossier/${screen.draft}/duplicata${screen.reason ? `/${screen.reason}` : ''}`;
    case 'account': {
      let word = ACCOUNT_PARTS.find(([part]) => part === screen.part)?.[1];
      return `#/dossier/${screen.draft}/compte${word ? `/${word}` : ''}`;
    }
    default: {
      let isIt = (it: Screen) => {
        if (screen.name === 'around') return it.name === 'around' && it.kind === screen.kind;
        if (screen.name === 'access' || screen.name === 'stand') return it.name === screen.name && it.part === screen.part;
        return it.name === screen.name;
      };
      return `#/${ALONE.find(([it]) => isIt(it))?.[1] ?? ''}`;
    }
  }
}

/** Reads an address; one that is not ours opens the landing. */
export function parse(hash: string): Screen {
  let [kind, draft, third, fourth] = hash.replace(/^#\//, '').split('/');
  if (kind === 'brouillon' && draft) {
    let step = STEPS.find(([, word]) => word === third)?.[0];
    if (third === HANDOVER) return { name: 'handover', draft };
    if (step) return { name: 'form', draft, step, fromCheck: fourth === FROM_CHECK };
  }
  if (kind === 'dossier' && draft) {
    if (!third) return { name: 'dossier', draft };
    if (third === 'etablissement') return { name: 'slip', draft };
    if (third === 'carte') return { name: fourth === GIVE_PHOTO ? 'give-photo' : 'card', draft };
    if (third === 'avantages') return { name: 'benefits', draft };
    if (third === 'papier') return { name: 'paper', draft };
    if (third === 'compte') return { name: 'account', draft, part: ACCOUNT_PARTS.find(([, word]) => word === fourth)?.[0] ?? 'home' };
    if (third === 'duplicata') return { name: 'duplicate', draft, reason: REASONS.find((it) => it === fourth) ?? null };
  }
  return ALONE.find(([, word]) => word === kind && !draft)?.[0] ?? { name: 'landing' };
}

/** What lies over the photo step for a while; the way back closes it first. */
export type Part = 'camera' | 'proof' | 'adjust';

interface Entry {
  depth: number;
  scroll: number;
  part?: Part;
}

/** The open screen. One history entry a screen; the way back finds the same scroll. */
class Router {
  screen = $state.raw<Screen>(parse(location.hash));
  part = $state.raw<Part | null>((history.state as Entry | null)?.part ?? null);
  /** Where the next screen should be scrolled to; read once when it has something to show. */
  scroll = 0;

  start(): () => void {
    history.scrollRestoration = 'manual';
    if (!history.state) history.replaceState({ depth: 0, scroll: 0 } satisfies Entry, '');
    let onpop = () => {
      if (this.#isRestarting) return;
      this.scroll = this.#entry().scroll;
      this.part = this.#entry().part ?? null;
      this.screen = parse(location.hash);
    };
    let onscroll = () => {
      clearTimeout(this.#settling);
      this.#settling = setTimeout(() => this.#remember(), 150);
    };
    addEventListener('popstate', onpop);
    addEventListener('scroll', onscroll, { passive: true });
    return () => {
      removeEventListener('popstate', onpop);
      removeEventListener('scroll', onscroll);
    };
  }

  /** Opens a screen; `replace` when the way back should not see the present one again. */
  go(screen: Screen, { replace = false } = {}): void {
    let depth = this.#entry().depth;
    this.#remember();
    if (replace) history.replaceState({ depth, scroll: 0 } satisfies Entry, '', path(screen));
    else history.pushState({ depth: depth + 1, scroll: 0 } satisfies Entry, '', path(screen));
    this.scroll = 0;
    this.screen = screen;
    this.part = null;
  }

  /** Opens a part of the present screen; `replace` when the way back should not see the present part again. */
  open(part: Part, { replace = false } = {}): void {
    let depth = this.#entry().depth;
    this.#remember();
    this.scroll = 0;
    let entry: Entry = { depth: replace ? depth : depth + 1, scroll: 0, part };
    if (replace) history.replaceState(entry, '');
    else history.pushState(entry, '');
    this.part = part;
  }

  /** Closes the present part, also where this window opened right on it. */
  close(): void {
    let { depth } = this.#entry();
    if (depth > 0) history.back();
    else {
      history.replaceState({ depth, scroll: 0 } satisfies Entry, '');
      this.part = null;
    }
  }

  /** Goes back, or to `otherwise` when this window opened right here. */
  back(otherwise: Screen, screens = 1): void {
    this.#remember();
    if (this.#entry().depth >= screens) history.go(-screens);
    else this.go(otherwise, { replace: true });
  }

  /**
   * Opens a screen right above the landing: the screens in between are over, and the
   * way back must not lead into them again.
   */
  async restart(screen: Screen): Promise<void> {
    let { depth } = this.#entry();
    if (depth > 0) {
      this.#isRestarting = true;
      await new Promise((arrived) => {
        addEventListener('popstate', arrived, { once: true });
        history.go(-depth);
      });
      this.#isRestarting = false;
    }
    history.replaceState({ depth: 0, scroll: 0 } satisfies Entry, '', path({ name: 'landing' }));
    this.go(screen);
  }

  #isRestarting = false;
  #settling: ReturnType<typeof setTimeout> | undefined;

  #entry(): Entry {
    return (history.state as Entry | null) ?? { depth: 0, scroll: 0 };
  }

  #remember(): void {
    clearTimeout(this.#settling);
    history.replaceState({ ...this.#entry(), scroll: window.scrollY } satisfies Entry, '');
  }
}

export const router = new Router();
