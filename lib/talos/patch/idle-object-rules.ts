import type { Context } from '../../cilium/context';
import { isTruthy } from '../../helm/truth';
import { mapOf } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { TalosPatchRule } from './rule';

/** Objects that Cilium reads only while a switch is on. */
interface Switched {
  readonly concerns: (object: KubernetesObject) => boolean;
  readonly isOn: (ctx: Context) => boolean;
  /** The value that switches it on. */
  readonly path: string;
}

const SWITCHED: readonly Switched[] = [
  {
    concerns: ({ apiVersion, kind }) => apiVersion.startsWith('cilium.io/') && kind === 'CiliumBGPPeeringPolicy',
    isOn: ({ v }) => isTruthy(v.bgpControlPlane.enabled),
    path: 'bgpControlPlane.enabled',
  },
  {
    concerns: ({ kind, spec }) => kind === 'Ingress' && mapOf(spec).ingressClassName === 'cilium',
    isOn: ({ v }) => isTruthy(v.ingressController.enabled),
    path: 'ingressController.enabled',
  },
];

const INGRESS: KubernetesObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { ingressClassName: 'cilium', defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
};

/** Objects that Cilium ignores, because the feature they belong to is off; kinds with a construct have rules of their own for that. */
export const IDLE_OBJECT_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/idle-objects',
    level: 'warning',
    find: ({ objects, context }) =>
      SWITCHED.flatMap(({ concerns, isOn, path }) => {
        const idle = context === undefined || isOn(context) ? [] : objects.filter(({ object }) => concerns(object));
        if (idle.length === 0) return [];
        return [
          problem(
            [...idle.map(({ at }) => at), `cilium.${path}`],
            `Cilium ignores these objects while ${path} is off.`,
            `Set \`${path}: true\` in the values of Cilium, or leave the objects out.`,
          ),
        ];
      }),
    examples: {
      bad: { values: {}, objects: [INGRESS] },
      good: { values: { ingressController: { enabled: true } }, objects: [INGRESS] },
    },
  },
];
