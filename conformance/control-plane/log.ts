/** A line of a log of Cilium's programs: `time=… level=error msg="…" …`. */
export interface LogLine {
  /** Seconds since the epoch; 0 without one. */
  readonly time: number;
  readonly level: string;
  /** Without its time. */
  readonly text: string;
}

/** The lines of a log that have a level. */
export function logLines(log: string): readonly LogLine[] {
  return log.split('\n').flatMap((line) => {
    const [, level] = /\blevel=(\w+)/.exec(line) ?? [];
    if (level === undefined) return [];
    const [, time = ''] = /\btime="?([^"\s]+)/.exec(line) ?? [];
    return [{ time: Date.parse(time) / 1000 || 0, level, text: line.replace(/^.*?\blevel=\w+ /, '').slice(0, 500) }];
  });
}

/** Errors. What a program logs because this judge ends it is not a fault. */
export function errorLines(log: string): readonly LogLine[] {
  return logLines(log).filter(({ level }) => /^(error|fatal|panic)$/i.test(level));
}

/** Errors that occur again and again, with how often: what differs from one to the next, such as ids and times, is left out. */
export function repeatedErrors(log: string, often: number): readonly string[] {
  const counts = new Map<string, number>();
  for (const { text } of errorLines(log)) {
    const key = text.replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g, '…').replace(/\d+(\.\d+)?(ms|µs|s|m)\b/g, '…');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].flatMap(([text, count]) => (count >= often ? [`${String(count)} times: ${text}`] : []));
}
