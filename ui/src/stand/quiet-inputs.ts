// On a shared tablet no line proposes, corrects or remembers what somebody typed.

const QUIET = { autocomplete: 'off', autocorrect: 'off', spellcheck: 'false', 'data-form-type': 'other' } as const;

function quieten(line: Element): void {
  for (let [name, value] of Object.entries(QUIET)) {
    if (line.getAttribute(name) !== value) line.setAttribute(name, value);
  }
}

/** To be attached around a form: every line in it, now and later, keeps nothing. */
export function quietInputs(node: HTMLElement): () => void {
  let all = () => node.querySelectorAll('form, input, textarea, select').forEach(quieten);
  all();
  let observer = new MutationObserver(all);
  observer.observe(node, { childList: true, subtree: true, attributes: true, attributeFilter: Object.keys(QUIET) });
  return () => observer.disconnect();
}
