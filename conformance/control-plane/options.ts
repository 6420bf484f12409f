import { execFileSync, spawnSync } from 'node:child_process';
import { optionTypesOf } from '../../lib/cilium/option-types';
import type { OptionReader } from '../../lib/cilium/options';

/** Options of the operators for clouds, which are builds of their own. */
const OF_CLOUDS = /^(alibaba-cloud|aws|azure|ec2|eni|excess-ip|subnet)-/;

/** The visible options of a program, as its help lists them: name and type. */
function optionsOf(program: string): ReadonlyMap<string, string> {
  const help = execFileSync(program, ['--help'], { encoding: 'utf8', maxBuffer: 2 ** 24 });
  const options = new Map<string, string>();
  for (const line of help.split('\n')) {
    const [, name, type = 'bool'] = /^\s+(?:-\w, )?\s*--([\w-]+)(?: (\w+))?(?:\s{2,}|$)/.exec(line) ?? [];
    if (name !== undefined && name !== 'help') options.set(name, type.replace(/^float\d+$/, 'float'));
  }
  return options;
}

/**
 * Where the options that the library knows differ from those of the program: each that its help lists is known with its type, and each
 * that is known exists, hidden ones among them.
 */
export function optionFaults(program: string, reader: OptionReader, ciliumVersion: string): readonly string[] {
  const real = optionsOf(program);
  const known = optionTypesOf(ciliumVersion)[reader];
  if (real.size < 50) return [`the help of the ${reader} lists ${String(real.size)} options`];
  const wrong = [...real].flatMap(([name, type]) => {
    const ours = known.get(name)?.type;
    if (ours === undefined) return [`the ${reader} has the option ${name} (${type}), which the library does not know`];
    return ours === type ? [] : [`the option ${name} of the ${reader} is of type ${type}, and ${ours} in the library`];
  });
  const gone = [...known.keys()]
    .filter((name) => !real.has(name) && !OF_CLOUDS.test(name))
    .filter((name) => /unknown flag/.test(spawnSync(program, [`--${name}=1`, '--help'], { encoding: 'utf8' }).stderr))
    .map((name) => `the ${reader} does not have the option ${name}, which the library knows`);
  return [...wrong, ...gone];
}
