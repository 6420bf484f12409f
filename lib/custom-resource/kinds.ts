import { ipPool } from '../load-balancer/ip-pool';
import { l2AnnouncementPolicy } from '../load-balancer/l2-announcement-policy';
import type { ResourceKind } from './resource';

/** Every kind of custom resource that has a construct: what the tests run and the generated pages list. */
export const RESOURCE_KINDS: readonly ResourceKind[] = [ipPool, l2AnnouncementPolicy];
