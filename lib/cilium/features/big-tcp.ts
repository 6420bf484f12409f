import type { Feature } from '../feature';

/** Larger packets than 64 KiB inside a node. */
export const bigTcp: Feature = {
  name: 'big-tcp',
  contribute: ({ v }) => ({
    config: {
      'enable-ipv4-big-tcp': v.enableIPv4BIGTCP,
      'enable-ipv6-big-tcp': v.enableIPv6BIGTCP,
      'enable-tunnel-big-tcp': v.enableTunnelBIGTCP,
    },
  }),
};
