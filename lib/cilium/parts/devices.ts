/**
 * The network devices that the value `devices` names. `undefined` when it leaves them to the agent, or holds patterns
 * (`eth+`), so that nobody knows here which there are.
 */
export function deviceNames(devices: unknown): readonly string[] | undefined {
  const names = (Array.isArray(devices) ? devices : typeof devices === 'string' ? devices.split(/[\s,]+/) : [])
    .map(String)
    .filter((name) => name !== '');
  return names.length === 0 || names.some((name) => name.includes('+')) ? undefined : names;
}
