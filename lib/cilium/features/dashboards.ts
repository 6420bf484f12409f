import type { CiliumValues } from '../../../imports/cilium-chart';
import { isTruthy, defaultTo } from '../../helm/truth';
import type { JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Context, DashboardFiles, Dashboards } from '../context';
import type { Feature } from '../feature';
import type { ValuesRule } from '../values-rule';
import { joined, namespaced, partOfCilium } from '../parts/metadata';

/** A component's dashboards, and the chart's value that enables them. */
interface Place {
  readonly of: keyof Dashboards;
  /** The section of the values with the switch. */
  readonly path: string;
  readonly labels: JsonObject;
  /** The directory of the JSON in the chart's archive. */
  readonly folder: string;
  readonly on: CiliumValues;
}

const PLACES: readonly Place[] = [
  {
    of: 'agent',
    path: 'dashboards',
    labels: { 'k8s-app': 'cilium', 'app.kubernetes.io/name': 'cilium-agent' },
    folder: 'files/cilium-agent/dashboards',
    on: { dashboards: { enabled: true } },
  },
  {
    of: 'operator',
    path: 'operator.dashboards',
    labels: { 'k8s-app': 'cilium', 'app.kubernetes.io/name': 'cilium-operator' },
    folder: 'files/cilium-operator/dashboards',
    on: { operator: { dashboards: { enabled: true } } },
  },
  {
    of: 'hubble',
    path: 'hubble.metrics.dashboards',
    labels: { 'k8s-app': 'hubble', 'app.kubernetes.io/name': 'hubble' },
    folder: 'files/hubble/dashboards',
    on: { hubble: { metrics: { dashboards: { enabled: true } } } },
  },
];

/**
 * Grafana dashboards as ConfigMaps for Grafana's sidecar. The dashboards themselves are not shipped (a declared
 * difference): the user passes their JSON as `dashboards`.
 */
export const dashboards: Feature = {
  name: 'dashboards',
  contribute: (ctx) => ({
    objects: PLACES.flatMap((place) => (isTruthy(valuesOf(ctx, place).enabled) ? configMaps(ctx, place) : [])),
  }),
  rules: PLACES.flatMap(checksOf),
};

interface DashboardValues {
  readonly annotations: JsonObject | undefined;
  readonly enabled: boolean | undefined;
  readonly label: string | undefined;
  readonly labelValue: string | undefined;
  readonly namespace: string | null | undefined;
}

function valuesOf({ v }: Context, { of }: Place): DashboardValues {
  return { agent: v.dashboards, operator: v.operator.dashboards, hubble: v.hubble.metrics.dashboards }[of];
}

function configMaps(ctx: Context, place: Place): readonly KubernetesObject[] {
  const { label, labelValue, namespace } = valuesOf(ctx, place);
  const labels = joined(
    place.labels,
    partOfCilium(ctx),
    ctx.v.commonLabels,
    isTruthy(label) && { [label]: defaultTo(labelValue, '1') },
  );
  return Object.entries(ctx.dashboards?.[place.of] ?? {}).map(([name, dashboard]) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: namespaced(ctx, objectName(name), {
      namespace: defaultTo(namespace, ctx.namespace),
      labels,
      annotations: annotations(ctx, place),
    }),
    data: { [`${name}.json`]: typeof dashboard === 'string' ? dashboard : JSON.stringify(dashboard) },
  }));
}

/** Names that are too long are cut, as in the chart. */
function objectName(name: string): string {
  return name.slice(0, 63).replace(/-$/, '');
}

/** The precedence differs between the places, as in the chart. */
function annotations(ctx: Context, place: Place): JsonObject | undefined {
  const { v } = ctx;
  const own = valuesOf(ctx, place).annotations;
  if (place.of === 'hubble') return joined(v.hubble.annotations, own);
  return joined(own, place.of === 'agent' ? v.annotations : v.operator.annotations);
}

function checksOf(place: Place): readonly ValuesRule[] {
  const { of, path, folder, on } = place;
  const files = (ctx: Context): DashboardFiles => ctx.dashboards?.[of] ?? {};
  const isOn = (ctx: Context): boolean => isTruthy(valuesOf(ctx, place).enabled);
  const some: Dashboards = { [of]: { 'my-dashboard': { title: 'Mine' } } };
  return [
    {
      id: `dashboards/${of}-missing`,
      level: 'warning',
      find: (ctx) =>
        isOn(ctx) &&
        Object.keys(files(ctx)).length === 0 &&
        problem(
          `${path}.enabled`,
          'This library contains no dashboards, and none was passed: the value has no effect.',
          `Pass them as dashboards: { ${of}: { name: json } }; Cilium's own are in ${folder} of the chart's archive.`,
        ),
      examples: { bad: { values: on }, good: { values: on, dashboards: some } },
    },
    {
      id: `dashboards/${of}-off`,
      level: 'warning',
      find: (ctx) =>
        !isOn(ctx) &&
        Object.keys(files(ctx)).length > 0 &&
        problem(
          `${path}.enabled`,
          'Dashboards were passed, but the value that renders their ConfigMaps is off.',
          `Set ${path}.enabled.`,
        ),
      examples: { bad: { values: {}, dashboards: some }, good: { values: on, dashboards: some } },
    },
    {
      id: `dashboards/${of}-json`,
      level: 'error',
      find: (ctx) =>
        noJson(files(ctx)).length > 0 &&
        problem(
          path,
          `${noJson(files(ctx)).join(', ')} is not valid JSON.`,
          'Pass the text of the JSON file, or its data.',
        ),
      examples: { bad: { values: on, dashboards: { [of]: { broken: '{' } } }, good: { values: on, dashboards: some } },
    },
  ];
}

function noJson(files: DashboardFiles): readonly string[] {
  return Object.entries(files).flatMap(([name, text]) => (typeof text !== 'string' || isJson(text) ? [] : [name]));
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
