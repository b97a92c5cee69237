// The small part of Markdown that the texts of the reference use.

export type Block = { kind: 'heading'; level: 2 | 3; text: string } | { kind: 'paragraph'; text: string } | { kind: 'list'; items: string[] };

/** Reads `#`, `##`, `- ` and paragraphs. A first heading that repeats the title is left out. */
export function blocks(text: string, title: string): Block[] {
  let found: Block[] = [];
  let open: Block | null = null;
  for (let line of text.split(/\r?\n/).map((it) => it.trim())) {
    let heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (line === '') open = null;
    else if (heading) {
      found.push({ kind: 'heading', level: heading[1] === '#' ? 2 : 3, text: heading[2] ?? '' });
      open = null;
    } else if (line.startsWith('- ')) {
      if (open?.kind !== 'list') found.push((open = { kind: 'list', items: [] }));
      open.items.push(line.slice(2));
    } else if (open?.kind === 'list') open.items.push(`${open.items.pop() ?? ''} ${line}`);
    else if (open?.kind === 'paragraph') open.text += ` ${line}`;
    else found.push((open = { kind: 'paragraph', text: line }));
  }
  let [first, ...rest] = found;
  return levelled(first?.kind === 'heading' && first.text === title ? rest : found);
}

/** The highest heading comes right under the screen's own. */
function levelled(found: Block[]): Block[] {
  let levels = found.map((it) => (it.kind === 'heading' ? it.level : 3));
  if (levels.includes(2)) return found;
  return found.map((it) => (it.kind === 'heading' ? { ...it, level: 2 } : it));
}
