// Does one hint stand still long enough to be read, heard and followed?
import { expect, test } from 'vitest';
import { Guidance, type Verdict } from './guidance';

/** Ten verdicts a second. */
function play(guidance: Guidance, verdicts: readonly Verdict[], from = 0): boolean[] {
  return verdicts.map((verdict, at) => guidance.take(verdict, from + at * 100));
}

test('a hint appears after three equal verdicts, and no sooner', () => {
  let guidance = new Guidance();
  play(guidance, ['too_far', 'too_far']);
  expect(guidance.shown).toBeNull();
  guidance.take('too_far', 200);
  expect(guidance.shown).toBe('too_far');
});

test('a single verdict of another kind changes nothing on the screen', () => {
  let guidance = new Guidance();
  play(guidance, ['too_far', 'too_far', 'too_far', 'tilted', 'too_far', 'tilted', 'tilted']);
  expect(guidance.shown).toBe('too_far');
  guidance.take('tilted', 700);
  expect(guidance.shown).toBe('tilted');
});

test('a second of nothing but good verdicts takes the photo', () => {
  let guidance = new Guidance();
  let shots = play(guidance, Array<Verdict>(14).fill('good'));
  // The third one shows it, and from there a second passes.
  expect(shots.indexOf(true)).toBe(12);
  expect(guidance.held).toBe(1);
});

test('the ring fills with the time, and empties at once when something moves', () => {
  let guidance = new Guidance();
  play(guidance, Array<Verdict>(8).fill('good'));
  expect(guidance.held).toBeCloseTo(0.5);
  guidance.take('blurred', 800);
  expect(guidance.held).toBe(0);
  // The words have not changed yet, but the second starts anew.
  expect(guidance.shown).toBe('good');
  guidance.take('good', 900);
  expect(guidance.held).toBe(0);
  expect(guidance.take('good', 1500)).toBe(false);
  expect(guidance.held).toBeCloseTo(0.6);
});

test('nobody who listens is told more often than every two seconds', () => {
  let guidance = new Guidance();
  let told: (Verdict | null)[] = [];
  let verdicts: Verdict[] = ['too_far', 'tilted', 'too_dark', 'good', 'too_far', 'tilted', 'too_dark'];
  verdicts.forEach((verdict, at) => {
    for (let frame = 0; frame < 3; frame++) {
      guidance.take(verdict, at * 300 + frame * 100);
      if (told.at(-1) !== guidance.spoken) told.push(guidance.spoken);
    }
  });
  expect(told).toEqual([null, 'too_far']);
  guidance.take('too_dark', 2300);
  expect(guidance.spoken).toBe('too_dark');
});
