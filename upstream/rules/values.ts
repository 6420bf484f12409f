import { ADOPT_FINDINGS, adoptManifests } from '../../lib/adopt/adopt';
import { CLUSTER_RULES, clusterFindings } from '../../lib/cilium/clusters';
import type { Context } from '../../lib/cilium/context';
import { renderCilium } from '../../lib/cilium/render';
import type { RenderInput } from '../../lib/cilium/render';
import { SETTINGS_FINDINGS, readSettings } from '../../lib/cli/settings';
import { readComments } from '../../lib/inputs/comments';
import { LOAD_FINDINGS, readValues } from '../../lib/inputs/load-values';
import { MACHINE_CONFIG_RULES } from '../../lib/inputs/machine-config-rules';
import type { InstalledByTalos } from '../../lib/inputs/machine-config-rules';
import { runRules } from '../../lib/rules/rule';
import { MACHINE_CONFIG_FINDINGS, readMachineConfigs } from '../../lib/inputs/machine-config';
import { VALUE_FINDINGS, VALUE_RULES } from '../../lib/cilium/rules';
import type { ValuesExample } from '../../lib/cilium/values-rule';
import type { Json } from '../../lib/kubernetes/json';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { book, findingsOf, listed, plain } from './book';
import type { RuleBook } from './book';

const VERSION = '1.18.4';

/** Values alone, or with what else `renderCilium` is given. */
function inputOf({ values: own, ...others }: ValuesExample): Json {
  const input = plain(others) as object;
  return Object.keys(input).length === 0 ? plain(own) : { ...input, values: plain(own) };
}

function contextOf({ version = VERSION, ...input }: ValuesExample): Context {
  return renderCilium({ version, ...input }).context;
}

export const values: RuleBook = book<ValuesExample>({
  name: 'Values',
  over: 'The values of one Cilium, with its release, its Kubernetes and its Talos cluster.',
  rules: listed(VALUE_RULES),
  judge: ({ version = VERSION, ...input }) => findingsOf(() => renderCilium({ version, ...input }).findings),
  input: inputOf,
});

export const reading: RuleBook = book<Partial<RenderInput>>({
  name: 'Reading values',
  over: 'What `Cilium` and `renderCilium` are given, before any rule runs: names, types, enums, images, releases, custom features.',
  rules: listed(VALUE_FINDINGS),
  judge: (example) => findingsOf(() => renderCilium({ version: VERSION, ...example }).findings),
  input: (example) => plain(example),
});

export const files: RuleBook = book<string>({
  name: 'Values files',
  over: 'The text that `loadValues` and the commands read.',
  rules: listed(LOAD_FINDINGS),
  judge: (text) => [
    ...findingsOf(() => readValues(text).warnings),
    ...readComments('values', text).findings.map(({ place: _place, ...finding }) => finding),
  ],
  input: (text) => text,
});

export const adopted: RuleBook = book<readonly KubernetesObject[]>({
  name: 'Adopted manifests',
  over: 'The objects that `adoptManifests` finds values for.',
  rules: listed(ADOPT_FINDINGS),
  judge: (example) => findingsOf(() => (adoptManifests(example), [])),
  input: (example) => plain(example),
});

export const machineConfigs: RuleBook = book<string>({
  name: 'Machine configs',
  over: 'The machine configs that the commands read.',
  rules: listed(MACHINE_CONFIG_FINDINGS),
  judge: (text) =>
    findingsOf(() => {
      readMachineConfigs([{ name: 'controlplane.yaml', text }], undefined);
      return [];
    }),
  input: (text) => text,
});

export const installedByTalos: RuleBook = book<InstalledByTalos>({
  name: 'Machine configs beside values',
  over: 'The machine configs of a Talos cluster, beside the values of Cilium.',
  rules: listed(MACHINE_CONFIG_RULES),
  judge: (example) => runRules(MACHINE_CONFIG_RULES, example),
  input: (example) => plain(example),
});

export const settings: RuleBook = book<string>({
  name: 'Settings file',
  over: 'The settings of the commands, `.talos-cilium.yaml`.',
  rules: listed(SETTINGS_FINDINGS),
  judge: (text) =>
    findingsOf(() => {
      readSettings('.talos-cilium.yaml', text);
      return [];
    }),
  input: (text) => text,
});

export const clusters: RuleBook = book<readonly [ValuesExample, ValuesExample]>({
  name: 'Several clusters',
  over: 'Two clusters of one app. They belong to one mesh when both take part in one and their lists of remote clusters, if any, name each other.',
  rules: listed(CLUSTER_RULES),
  judge: ([one, other]) => clusterFindings(contextOf(other), [{ path: 'first/cilium', context: contextOf(one) }]),
  input: (pair) => pair.map(inputOf),
});
