/* eslint-disable */
// Loaded before a program: counts its calls of the file system below KILL_FOLDER, and kills it before, in the middle of, or after the
// call number KILL_AT. Without a number it prints how many there are.
const fs = require('node:fs');
const { KILL_FOLDER: folder, KILL_AT: at = '', KILL_WHEN: when } = process.env;
let calls = 0;
const descriptors = new Set();
const die = () => process.kill(process.pid, process.env.KILL_SIGNAL ?? 'SIGKILL');
for (const name of [
  'openSync',
  'writeFileSync',
  'fsyncSync',
  'closeSync',
  'fchmodSync',
  'renameSync',
  'mkdirSync',
  'mkdtempSync',
  'rmSync',
  'rmdirSync',
  'readFileSync',
  'readdirSync',
]) {
  const original = fs[name];
  fs[name] = (target, ...rest) => {
    const isOurs =
      typeof target === 'string' ? target.startsWith(folder) && !target.endsWith('.js') : descriptors.has(target);
    if (!isOurs) return original(target, ...rest);
    const isHere = ++calls === Number(at);
    if (isHere && when === 'before') die();
    if (isHere && when === 'during' && name === 'writeFileSync') {
      original(target, rest[0].slice(0, rest[0].length / 2));
      die();
    }
    try {
      const result = original(target, ...rest);
      if (name === 'openSync') descriptors.add(result);
      return result;
    } finally {
      if (name === 'closeSync') descriptors.delete(target);
      if (process.env.KILL_TRACE) console.error(calls, name, target);
      // A process that was stopped before goes on.
      if (isHere && when !== 'before') die();
    }
  };
}
process.on('exit', () => {
  if (at === '') process.stdout.write(String(calls));
});
