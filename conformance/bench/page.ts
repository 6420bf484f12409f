import { cpus, release, totalmem, type } from 'node:os';
import type { Table } from './measure';

/** A ratio that is to be reached. */
export interface Target {
  readonly what: string;
  readonly ratio: number;
  readonly limit: number;
}

/** What the figures depend on, beside the machine. */
export interface Versions {
  readonly commit: string;
  readonly helm: string;
  readonly cdk8s: string;
  readonly ciliumCli: string | undefined;
  readonly cilium: string;
  readonly rounds: number;
  readonly load: string;
}

/** A table for a terminal. */
export function printed({ title, unit, rows }: Table): string {
  const lines = rows.map(({ what, median, p10, p90, ratio, memory }) =>
    [
      what.padEnd(62),
      `${figure(median)} ${unit}`.padStart(11),
      p10 === p90 ? ''.padStart(19) : `(${figure(p10)}–${figure(p90)})`.padStart(19),
      ratio === undefined ? ''.padStart(7) : ratio.toFixed(3).padStart(7),
      memory === undefined ? '' : `${memory.toFixed(0)} MiB`.padStart(8),
    ].join(' '),
  );
  return `${title}\n${lines.map((line) => `  ${line.trimEnd()}`).join('\n')}\n`;
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

/** `docs/benchmarks.md`. */
export function page(tables: readonly Table[], targets: readonly Target[], versions: Versions): string {
  const [cpu] = cpus();
  const { rounds, ciliumCli, cilium, helm, cdk8s, commit, load } = versions;
  return `# Benchmarks

Written by \`npm run bench -- --charts FOLDER --cilium-cli FILE --write\`; not by hand, and no test: figures of one run on one machine. Compare ratios, not milliseconds.
All rows of a table were measured in turns, ${String(rounds)} rounds after a warm-up; median, with the tenth and ninetieth percentile in brackets. \`npm run build\` first.

- **Machine**: ${cpu?.model.trim() ?? 'unknown'}, ${String(cpus().length)} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${type()} ${release()}; load average at the start ${load}
- **Versions**: commit ${commit}, Node ${process.version}, Helm ${helm}, cdk8s ${cdk8s}, Cilium ${cilium}${ciliumCli === undefined ? '; cilium-cli was not given' : `, cilium-cli ${ciliumCli}`}

## Targets

| | measured | target | |
| --- | --- | --- | --- |
${targets.map(({ what, ratio, limit }) => `| ${what} | ${ratio.toFixed(3)} | ${String(limit)} | ${ratio <= limit ? 'met' : '**missed**'} |`).join('\n')}

${tables
  .map(({ title, unit, words, rows }) => {
    const hasMemory = rows.some(({ memory }) => memory !== undefined);
    const lines = rows.map(({ what, median, p10, p90, ratio, memory }) => {
      const range = p10 === p90 ? '' : ` (${figure(p10)}–${figure(p90)})`;
      const peak = memory === undefined ? '' : `${memory.toFixed(0)} MiB`;
      return `| ${what} | ${figure(median)} ${unit}${range} | ${ratio?.toFixed(3) ?? ''} |${hasMemory ? ` ${peak} |` : ''}`;
    });
    return `## ${title}\n\n${words}\n\n| | ${unit} | ratio |${hasMemory ? ' peak memory |' : ''}\n| --- | --- | --- |${hasMemory ? ' --- |' : ''}\n${lines.join('\n')}\n`;
  })
  .join('\n')}`;
}
