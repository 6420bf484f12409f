import type { Feature } from '../feature';

/** Pods may only send with their own addresses. */
export const sourceIPVerification: Feature = {
  name: 'source-ip-verification',
  contribute: ({ v }) => ({ config: { 'enable-source-ip-verification': v.daemon.enableSourceIPVerification } }),
};
