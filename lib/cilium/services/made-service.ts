import type { KubernetesObject } from '../../kubernetes/types';

/** A Service that Cilium's operator makes of another object of the cluster. */
export interface MadeService {
  readonly object: KubernetesObject;
  /** The Gateway or the Ingress that it is made of. */
  readonly source: KubernetesObject;
  /** Where a field of the Service, such as `spec.loadBalancerClass`, is written; `undefined` when no object or value has it. */
  readonly written: (field: string) => WrittenField | undefined;
}

/** Where a field is written: in an object, or in the values of Cilium. */
export interface WrittenField {
  readonly of: KubernetesObject | 'cilium';
  readonly path: string;
}
