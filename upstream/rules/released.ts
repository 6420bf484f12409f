import { App, Chart } from 'cdk8s';
import { Cilium } from '../../lib/cilium/cilium';
import type { FromVersionOptions } from '../../lib/cilium/from-version';
import type { ICilium } from '../../lib/cilium/reference';

const known = new Map<string, ICilium>();

/** The Cilium of a release alone; the same one for the same release. */
export function released(version: string): ICilium {
  const cilium = known.get(version) ?? ciliumWith(version);
  known.set(version, cilium);
  return cilium;
}

/** A Cilium with values, in no app of the test. @throws Error when the values are refused. */
export function ciliumWith(version: string, options: FromVersionOptions = {}): ICilium {
  const cilium = Cilium.fromVersion(new Chart(new App(), 'elsewhere'), 'cilium', version, options);
  if (options.values !== undefined && cilium.rendered === undefined) throw new Error(JSON.stringify(cilium.findings));
  return cilium;
}
