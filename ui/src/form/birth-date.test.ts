// Is a date of birth read as people write it?
import { expect, test } from 'vitest';
import { joined, parted, wholeDate } from './birth-date';

test('a whole date is read in each of its usual forms', () => {
  for (let text of ['21/11/2009', '21.11.2009', '21-11-2009', ' 21 11 2009 ', '2009-11-21', '21112009']) expect(wholeDate(text), text).toEqual(['21', '11', '2009']);
  expect(wholeDate('3/9/2009')).toEqual(['3', '9', '2009']);
});

test('a part of a date is no whole date', () => {
  for (let text of ['', '21', '21/11', '21/', '2009', '21/11/200', '21/11/2009/1', 'le 21 novembre']) expect(wholeDate(text), text).toBeNull();
});

test('what is kept comes back in its three parts', () => {
  expect(joined(['3', '9', '2009'])).toBe('03/09/2009');
  expect(joined(['', '', ''])).toBe('');
  expect(parted('03/09/2009')).toEqual(['03', '09', '2009']);
  expect(parted('')).toEqual(['', '', '']);
});
