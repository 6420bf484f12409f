import { parseDuration } from '../../helm/durations';
import { isTruthy, defaultTo, whenTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { ConfigValue, Feature } from '../feature';
import { allow } from '../feature';
import { errorOnTalos } from '../values-rule';

/** Kube-proxy replacement, for the examples of rules. */
const SERVED = { kubeProxyReplacement: true } as const;

/** Addresses of Services and pods announced on the local network by ARP and neighbour discovery. */
export const l2Announcements: Feature = {
  name: 'l2-announcements',
  contribute: (ctx) => ({
    config: { ...ofServices(ctx), ...ofPods(ctx) },
    // One lease per Service decides which node announces it.
    permissions: {
      agent: isTruthy(ctx.v.l2announcements.enabled)
        ? [allow('create get update list delete', 'coordination.k8s.io', 'leases')]
        : [],
    },
  }),
  rules: [
    {
      id: 'l2-announcements/lease-times',
      level: errorOnTalos,
      find: (ctx) =>
        isTruthy(ctx.v.l2announcements.enabled) &&
        !leaseTimesFit(ctx) &&
        problem(
          ['l2announcements.leaseDuration', 'l2announcements.leaseRenewDeadline', 'l2announcements.leaseRetryPeriod'],
          `No node can hold a lease ${leaseTerms(ctx)}.`,
          'Make leaseDuration longer than leaseRenewDeadline, and that longer than 1.2 times leaseRetryPeriod; the defaults are 15s, 5s and 2s.',
        ),
      docs: 'https://docs.cilium.io/en/stable/network/l2-announcements/#leases',
      examples: {
        bad: { values: { ...SERVED, l2announcements: { enabled: true, leaseDuration: '3s' } } },
        good: {
          values: {
            ...SERVED,
            l2announcements: {
              enabled: true,
              leaseDuration: '3s',
              leaseRenewDeadline: '1s',
              leaseRetryPeriod: '200ms',
            },
          },
        },
      },
    },
    {
      id: 'l2-announcements/kube-proxy-kept',
      level: 'warning',
      find: ({ v, facts }) =>
        isTruthy(v.l2announcements.enabled) &&
        facts.kubeProxyReplacement !== 'true' &&
        problem(
          ['l2announcements.enabled', 'kubeProxyReplacement'],
          'L2 announcements need kube-proxy replacement, which is off.',
          'Set kubeProxyReplacement to true, or disable l2announcements.',
        ),
      docs: 'https://docs.cilium.io/en/stable/network/l2-announcements/#prerequisites',
      examples: {
        bad: { values: { l2announcements: { enabled: true } } },
        good: { values: { ...SERVED, l2announcements: { enabled: true } } },
      },
    },
    {
      id: 'l2-announcements/acceleration',
      level: 'warning',
      find: ({ v }) =>
        isTruthy(v.l2announcements.enabled) &&
        isTruthy(v.loadBalancer.acceleration) &&
        v.loadBalancer.acceleration !== 'disabled' &&
        problem(
          ['l2announcements.enabled', 'loadBalancer.acceleration'],
          'With XDP acceleration some network drivers do not answer ARP requests for announced addresses.',
          'Set loadBalancer.acceleration to `disabled`, or test from outside the cluster that announced addresses answer.',
        ),
      docs: 'https://github.com/cilium/cilium/issues/40396',
      examples: {
        bad: {
          values: { ...SERVED, l2announcements: { enabled: true }, loadBalancer: { acceleration: 'best-effort' } },
        },
        good: { values: { ...SERVED, l2announcements: { enabled: true } } },
      },
    },
    {
      id: 'l2-announcements/pods-without-interface',
      level: 'warning',
      find: ({ v, has }) =>
        isTruthy(v.l2podAnnouncements.enabled) &&
        !isTruthy(v.l2podAnnouncements.interfacePattern) &&
        !has('l2-pod-announcements-interface') &&
        problem(
          'l2podAnnouncements.interfacePattern',
          'Pods are announced on the interfaces that match a pattern, which is not set.',
          'Set a regular expression such as `^eth[0-9]+$`.',
        ),
      examples: {
        bad: { version: '1.20.0', values: { l2podAnnouncements: { enabled: true } } },
        good: { version: '1.20.0', values: { l2podAnnouncements: { enabled: true, interfacePattern: '^eth[0-9]+$' } } },
      },
    },
  ],
};

/** The agent's defaults. */
const DEFAULT_LEASE = { lease: '15s', renewal: '5s', retry: '2s' } as const;

function leaseTexts({ v: { l2announcements: values } }: Context): Readonly<Record<keyof typeof DEFAULT_LEASE, string>> {
  return {
    lease: defaultTo(values.leaseDuration, DEFAULT_LEASE.lease),
    renewal: defaultTo(values.leaseRenewDeadline, DEFAULT_LEASE.renewal),
    retry: defaultTo(values.leaseRetryPeriod, DEFAULT_LEASE.retry),
  };
}

function leaseTerms(ctx: Context): string {
  const { lease, renewal, retry } = leaseTexts(ctx);
  return `of ${lease}, renewed within ${renewal}, retried every ${retry}`;
}

/** The condition of Kubernetes' leader election, with which agents divide the announcements: lease > renewal > 1.2 x retry. */
function leaseTimesFit(ctx: Context): boolean {
  const { lease, renewal, retry } = leaseTexts(ctx);
  const [a, b, c] = [lease, renewal, retry].map((text) => parseDuration(text));
  if (a === undefined || b === undefined || c === undefined) return false;
  return a > b && b * 10n > c * 12n && c > 0n;
}

type Config = Readonly<Record<string, ConfigValue>>;

function ofServices({ v: { l2announcements: values } }: Context): Config {
  if (!isTruthy(values.enabled)) return {};
  return {
    'enable-l2-announcements': values.enabled,
    'l2-announcements-lease-duration': whenTruthy(values.leaseDuration),
    'l2-announcements-renew-deadline': whenTruthy(values.leaseRenewDeadline),
    'l2-announcements-retry-period': whenTruthy(values.leaseRetryPeriod),
  };
}

function ofPods({ v: { l2podAnnouncements: values }, has }: Context): Config {
  if (!isTruthy(values.enabled)) return {};
  const byPattern = isTruthy(values.interfacePattern);
  return {
    'enable-l2-pod-announcements': values.enabled,
    'l2-pod-announcements-interface-pattern': byPattern ? values.interfacePattern : undefined,
    'l2-pod-announcements-interface':
      !byPattern && has('l2-pod-announcements-interface') ? values.interface : undefined,
  };
}
