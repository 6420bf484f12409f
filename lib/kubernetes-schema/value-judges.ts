import type { Judge } from './problem';
import { JUDGES } from './judges';

/**
 * Types of values that consist of one rule: single texts and numbers, and maps of texts. They need no compiled validators, which
 * load slowly: most users set one of them.
 */
export const VALUE_JUDGES = {
  Annotations: JUDGES.annotations,
  ConfigMapKeys: JUDGES.fileNames,
  CountOrPercent: JUDGES.countOrPercent,
  CronSchedule: JUDGES.cronOrNone,
  DisruptionBudgetValues: JUDGES.disruptionBudgetValues,
  IngressHost: JUDGES.ingressHost,
  Labels: JUDGES.labels,
  LoadBalancerClass: JUDGES.labelKeyOrNone,
  Network: JUDGES.cidr,
  NodeLabels: JUDGES.labels,
  NotNegative: JUDGES.notNegative,
  ObjectName: JUDGES.dnsSubdomain,
  Port: JUDGES.port,
  PortPair: JUDGES.portPair,
  PortSpan: JUDGES.portSpan,
  PriorityClassName: JUDGES.priorityClass,
  PrometheusDuration: JUDGES.prometheusDuration,
  Quantity: JUDGES.quantity,
} as const satisfies Readonly<Record<string, Judge>>;

/** The rule of such a type; `undefined` for one that is a definition of Kubernetes. */
export function valueJudge(type: string): Judge | undefined {
  return Object.hasOwn(VALUE_JUDGES, type) ? VALUE_JUDGES[type as keyof typeof VALUE_JUDGES] : undefined;
}
