import { given, whenGiven } from '../../helm/truth';
import type { Context } from '../context';
import type { ConfigValue, Feature } from '../feature';
import { allow } from '../feature';

/** Addresses of Services and pods announced on the local network by ARP and neighbour discovery. */
export const l2Announcements: Feature = {
  name: 'l2-announcements',
  contribute: (ctx) => ({
    config: { ...ofServices(ctx), ...ofPods(ctx) },
    // One lease per Service decides which node announces it.
    permissions: {
      agent: given(ctx.v.l2announcements.enabled) ? [allow('create get update list delete', 'coordination.k8s.io', 'leases')] : [],
    },
  }),
};

type Config = Readonly<Record<string, ConfigValue>>;

function ofServices({ v: { l2announcements: values } }: Context): Config {
  if (!given(values.enabled)) return {};
  return {
    'enable-l2-announcements': values.enabled,
    'l2-announcements-lease-duration': whenGiven(values.leaseDuration),
    'l2-announcements-renew-deadline': whenGiven(values.leaseRenewDeadline),
    'l2-announcements-retry-period': whenGiven(values.leaseRetryPeriod),
  };
}

function ofPods({ v: { l2podAnnouncements: values }, has }: Context): Config {
  if (!given(values.enabled)) return {};
  const byPattern = given(values.interfacePattern);
  return {
    'enable-l2-pod-announcements': values.enabled,
    'l2-pod-announcements-interface-pattern': byPattern ? values.interfacePattern : undefined,
    'l2-pod-announcements-interface': !byPattern && has('l2-pod-announcements-interface') ? values.interface : undefined,
  };
}
