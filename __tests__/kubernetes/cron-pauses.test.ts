import { longestPause } from '../../lib/kubernetes-schema/cron';

test.each([
  ['0 0 1 */4 *', 123],
  ['0 0 1 * *', 31],
  ['0 3 1 */2 *', 62],
  ['@monthly', 31],
  ['@weekly', 7],
  ['*/5 * * * *', 1],
  ['0 0 * * SUN', 7],
  ['0 0 1 jan *', 366],
  ['0 0 29 2 *', 2921],
  ['0 0 31 4,6 *', Infinity],
  ['@every 48h', 2],
  ['@every 36h', 1.5],
  // Two restricted fields: either is enough.
  ['0 0 1 * MON', 7],
  // A star with a step is a restriction, and a plain star is none.
  ['0 0 */31 * 1', 7],
  ['0 0 1 * */1', 31],
  ['0 0 10/10 * ?', 19],
])('the longest pause of %s is %d days', (schedule, days) => {
  expect(longestPause(schedule)).toBe(days);
});

test.each(['', 'monthly', '0 0 1 13 *', 'TZ=UTC 0 0 1 * *'])('%j has no pauses', (schedule) => {
  expect(longestPause(schedule)).toBeUndefined();
});
