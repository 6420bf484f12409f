/**
 * The network devices that the value `devices` names. `undefined` when it leaves them to the agent, or holds patterns
 * (`eth+`, `!eth1`), so that nobody knows here which there are.
 */
export function deviceNames(devices: unknown): readonly string[] | undefined {
  const names = deviceWords(devices);
  return names.length === 0 || names.some((name) => name.includes('+') || name.startsWith('!')) ? undefined : names;
}

/** The names and patterns (`eth+`, `!eth1`) of the value `devices`; none when it leaves them to the agent. */
export function deviceWords(devices: unknown): readonly string[] {
  const words = Array.isArray(devices) ? devices : typeof devices === 'string' ? devices.split(/[\s,]+/) : [];
  return words.map(String).filter((word) => word !== '');
}
