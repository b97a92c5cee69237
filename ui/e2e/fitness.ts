// What a screen must hold beyond axe's rules; each runs inside the page, so it may use nothing from outside.

/** What makes the page scroll sideways. */
export function tooWide(): string[] {
  let root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  let elements = [...document.body.querySelectorAll('*')];
  let over = elements.filter((it) => it.getBoundingClientRect().right > root.clientWidth + 1);
  return [`scrolls sideways: ${root.scrollWidth} in ${root.clientWidth} px: ${over.at(-1)?.outerHTML.slice(0, 120) ?? '?'}`];
}

/** Everything that does not fit on the present screen: title, headings, thumbs. */
export function unfit(): string[] {
  const THUMB = 48;
  const TARGETS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=option], [role=button], [role=tab]';
  let root = document.documentElement;
  let wrong: string[] = [];

  if (root.lang !== 'fr') wrong.push(`lang is « ${root.lang} »`);
  let h1 = [...document.querySelectorAll('h1')].filter((it) => it.checkVisibility({ visibilityProperty: true })).map((it) => it.textContent.trim());
  if (h1.length !== 1) wrong.push(`${h1.length} h1`);
  if (!document.title.includes(h1[0] ?? '?')) wrong.push(`the title « ${document.title} » does not name the screen`);

  let scroll = window.scrollY;
  for (let target of document.querySelectorAll<HTMLElement>(TARGETS)) {
    if (!isShown(target) || isInSentence(target)) continue;
    let { width, height } = reach(target);
    if (width === 0) wrong.push(`out of sight, or under something else: ${target.outerHTML.slice(0, 120)}`);
    else if (width < THUMB || height < THUMB) wrong.push(`a thumb has ${width}×${height} px for ${target.outerHTML.slice(0, 120)}`);
  }
  window.scrollTo(0, scroll);
  return wrong;

  function isShown(it: HTMLElement): boolean {
    return it.checkVisibility({ visibilityProperty: true }) && !it.matches(':disabled');
  }

  /** A link in the middle of a sentence is as high as its line. */
  function isInSentence(it: HTMLElement): boolean {
    let around = it.parentElement?.textContent.trim() ?? '';
    return it.matches('a') && getComputedStyle(it).display === 'inline' && around.length > it.textContent.trim().length;
  }

  /** How wide and how high one may tap and still mean this: on itself, or on one of its labels. */
  function reach(target: HTMLElement): { width: number; height: number } {
    let labels = [...((target as HTMLInputElement).labels ?? [])];
    let means = (x: number, y: number) => {
      let hit = document.elementFromPoint(x, y);
      return hit !== null && (target.contains(hit) || labels.some((it) => it.contains(hit)));
    };
    let reaches = [target, ...labels].map((it) => around(it, means));
    // Some links stand there only while they have the focus.
    if (reaches.every((it) => it.width === 0)) {
      let before = document.activeElement;
      target.focus();
      reaches = [around(target, means)];
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    }
    return reaches.reduce((best, it) => (Math.min(it.width, it.height) > Math.min(best.width, best.height) ? it : best));
  }

  /** How far one gets from the middle of this box, in each direction. */
  function around(box: HTMLElement, means: (x: number, y: number) => boolean): { width: number; height: number } {
    box.scrollIntoView({ block: 'center', inline: 'center' });
    let { left, top, width, height } = box.getBoundingClientRect();
    let [x, y] = [left + width / 2, top + height / 2];
    if (!means(x, y)) return { width: 0, height: 0 };
    let far = THUMB / 2 - 0.5;
    let run = (dx: number, dy: number) => {
      let px = 0;
      while (px < THUMB && means(x + dx * (px + 1), y + dy * (px + 1))) px += 1;
      return px;
    };
    // Most are large enough, and four taps say so; the others are measured.
    let isWide = means(x - far, y) && means(x + far, y);
    let isHigh = means(x, y - far) && means(x, y + far);
    return { width: isWide ? THUMB : run(-1, 0) + run(1, 0) + 1, height: isHigh ? THUMB : run(0, -1) + run(0, 1) + 1 };
  }
}
