import type { IConstruct } from 'constructs';
import { hasMark } from '../rules/proxies';

/** What synthesis reads of a Cilium. */
export interface CiliumInApp extends IConstruct {
  /** `undefined` when its values are unknown or were refused. */
  readonly rendered: unknown;
}

const CILIUM = Symbol.for('cdk8s-talos-cilium.ICilium');

/** Marks a construct as a Cilium, for every copy of this library, with details that are not part of its public surface. */
export function markAsCilium(cilium: object, details: object = {}): void {
  Object.defineProperty(cilium, CILIUM, { value: details });
}

/** The details that a Cilium was marked with. */
export function markOf(cilium: object): object {
  const details: unknown = Reflect.get(cilium, CILIUM);
  return typeof details === 'object' && details !== null ? details : {};
}

/** Whether something is a Cilium, of whatever copy of this library. */
export function isMarkedAsCilium(value: unknown): value is CiliumInApp {
  return hasMark(value, CILIUM);
}

/** Where a construct keeps the Cilium that it belongs to, for every copy of this library. */
const BELONGS_TO = Symbol.for('cdk8s-talos-cilium.cilium');

/** Records which Cilium a construct belongs to; anything may have been given. */
export function belongTo(construct: IConstruct, cilium: unknown): void {
  Object.defineProperty(construct, BELONGS_TO, { value: cilium });
}

/** The Cilium that a construct is or belongs to. */
export function ciliumOf(construct: IConstruct): CiliumInApp | undefined {
  const cilium: unknown = isMarkedAsCilium(construct) ? construct : Reflect.get(construct, BELONGS_TO);
  return isMarkedAsCilium(cilium) ? cilium : undefined;
}
