import type { Problem } from '../../rules/rule';
import type { ResourceRule, ResourceExample, Subject } from '../../resource/kind';
import type { ClusterwideEnvoyConfigProps, EnvoyConfigProps } from './envoy-config';

/** Props of either kind. */
export type Props = EnvoyConfigProps | ClusterwideEnvoyConfigProps;
/** Their subjects. */
export type Kind = 'envoy-config' | 'clusterwide-envoy-config';

/** Where Cilium explains its Envoy. */
export const DOCS = 'https://docs.cilium.io/en/stable/network/servicemesh/l7-traffic-management/';
/** A listener without problems. */
export const LISTENER = { '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener', name: 'web' } as const;
/** A cluster without problems. */
export const CLUSTER = { '@type': 'type.googleapis.com/envoy.config.cluster.v3.Cluster', name: 'web' } as const;
/** The Service of the examples. */
export const WEB = { name: 'web', namespace: 'default' } as const;
/** Fields without problems. */
export const EXAMPLE = { services: [WEB], resources: [LISTENER] } as const;
/** Values of a Cilium that takes such objects. */
export const ON = { envoyConfig: { enabled: true } } as const;

/** A rule of both kinds, without the kind. */
export interface Rule {
  readonly rule: string;
  readonly level?: ResourceRule<Props>['level'];
  readonly find: (subject: Subject<Props>, kind: Kind) => readonly Problem[];
  readonly bad: Omit<ResourceExample<Props>, 'props'> & { readonly props?: object };
  readonly good?: Omit<ResourceExample<Props>, 'props'> & { readonly props?: object };
}
