/**
 * The network devices in the value `devices`. `undefined` when the agent detects them, or with patterns
 * (`eth+`, `!eth1`), which only the agent can resolve.
 */
export function deviceNames(devices: unknown): readonly string[] | undefined {
  const names = deviceWords(devices);
  return names.length === 0 || names.some((name) => name.includes('+') || name.startsWith('!')) ? undefined : names;
}

/** The names and patterns (`eth+`, `!eth1`) of the value `devices`; none when the agent detects them. */
export function deviceWords(devices: unknown): readonly string[] {
  const words = Array.isArray(devices) ? devices : typeof devices === 'string' ? devices.split(/[\s,]+/) : [];
  return words.map(String).filter((word) => word !== '');
}
