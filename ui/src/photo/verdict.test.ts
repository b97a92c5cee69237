// Is a report told in the order in which one mends it?
import { expect, test } from 'vitest';
import { report } from '../host/fake-views';
import { frameSentence, points } from './verdict';

test('each rule is told once, by its worst measure', () => {
  let it = report({ exposure: ['warn', 'too_dark'] });
  it.findings.push({ ...it.findings[4]!, measure: 'dark_share', level: 'fail', fault: 'too_dark' });
  it.findings.push({ ...it.findings[4]!, measure: 'bright_share', level: 'not_assessed', fault: null });
  let { fail, warn, pass } = points(it);
  expect(fail).toEqual([{ rule: 'exposure', level: 'fail', fault: 'too_dark' }]);
  expect(warn).toEqual([]);
  expect(pass).toHaveLength(7);
});

test('what could not be measured is not called fine', () => {
  let it = report();
  for (let finding of it.findings) if (finding.rule === 'sharp') finding.level = 'not_assessed';
  expect(points(it).not_assessed.map((point) => point.rule)).toEqual(['sharp']);
});

test('while a frame is tried, the sentence is about what fails, then about what another frame can mend', () => {
  expect(frameSentence(report())).toBeNull();
  expect(frameSentence(report({ bare_head: ['warn', 'head_covered'] }))).toBeNull();
  expect(frameSentence(report({ bare_head: ['warn', 'head_covered'], face_size: ['warn', 'too_far'] }))).toMatch(/trop petit/);
  expect(frameSentence(report({ centred: ['warn', 'too_left'], sharp: ['fail', 'blurred'] }))).toMatch(/floue/);
});
