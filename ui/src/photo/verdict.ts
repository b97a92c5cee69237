// A report as it is read out: one point a rule, what must change before what may stay.
import type { Fault, Level, Report, Rule } from '../host/commands.gen';
import { FAULTS } from '../wording/photo';

export interface Point {
  rule: Rule;
  level: Level;
  fault: Fault | null;
}

const ORDER: readonly Level[] = ['not_assessed', 'pass', 'warn', 'fail'];

/** The points of a report by how well their rule is kept; within each, in the order of the engine's table. */
export function points({ findings }: Report): Record<Level, Point[]> {
  let worst = new Map<Rule, Point>();
  for (let { rule, level, fault } of findings) {
    let before = worst.get(rule);
    if (!before || ORDER.indexOf(level) > ORDER.indexOf(before.level)) worst.set(rule, { rule, level, fault });
  }
  let of = (level: Level) => [...worst.values()].filter((point) => point.level === level);
  return { fail: of('fail'), warn: of('warn'), pass: of('pass'), not_assessed: of('not_assessed') };
}

/** What another frame can mend; a doubt about anything else is told with the verdict. */
const FRAMED: readonly Rule[] = ['face_size', 'centred', 'straight', 'resolution', 'no_frame'];

/** The sentence that helps most while a frame is tried; none when nothing fails, and no frame would be better. */
export function frameSentence(report: Report): string | null {
  let { fail, warn } = points(report);
  let [first] = [...fail, ...warn.filter(({ rule }) => FRAMED.includes(rule))];
  return first?.fault ? FAULTS[first.fault] : null;
}
