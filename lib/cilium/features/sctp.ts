import type { Feature } from '../feature';

/** SCTP between pods and Services. */
export const sctp: Feature = {
  name: 'sctp',
  contribute: ({ v }) => ({ config: { 'enable-sctp': v.sctp.enabled } }),
};
