// « Entrée » in a line of text goes to the next empty line; the last one continues.

const LINES = 'input:not([type=radio], [type=checkbox], [type=file], [role=combobox]), select';

/** To be attached to a form: nobody is sent away from a screen that still waits for a line. */
export function nextOnEnter(form: HTMLFormElement): () => void {
  function onkeydown(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.isComposing || event.defaultPrevented) return;
    let lines = [...form.querySelectorAll<HTMLInputElement | HTMLSelectElement>(LINES)];
    let at = lines.findIndex((it) => it === event.target);
    let next = at < 0 ? undefined : lines.slice(at + 1).find((it) => it.value === '' && !it.disabled);
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
  form.addEventListener('keydown', onkeydown);
  return () => form.removeEventListener('keydown', onkeydown);
}
