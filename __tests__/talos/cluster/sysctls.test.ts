import { DUAL_STACK, LEGACY, MULTIDOC, files, judges } from './harness';

test('sysctls are a section, or a document', () => {
  const given = { sysctls: { 'net.core.somaxconn': '4096' } };
  expect(files({ ...LEGACY, ...given })).toEqual({
    all: 'machine:\n  sysctls:\n    net.core.somaxconn: "4096"\n',
  });
  expect(files({ ...MULTIDOC, ...given })).toEqual({
    all: 'apiVersion: v1alpha1\nkind: SysctlConfig\nparams:\n  net.core.somaxconn: "4096"\n',
  });
});

judges([
  ['a name without a group', { sysctls: { somaxconn: '1' } }, 'error sysctl sysctls.somaxconn'],
  [
    'a path as name',
    { sysctls: { '/proc/sys/net/core/somaxconn': '1' } },
    'error sysctl sysctls./proc/sys/net/core/somaxconn',
  ],
  [
    'a name below proc',
    { sysctls: { 'proc.sys.net.core.somaxconn': '1' } },
    'error sysctl sysctls.proc.sys.net.core.somaxconn',
  ],
  [
    'a blank value',
    { workers: { sysctls: { 'net.core.somaxconn': ' ' } } },
    'error sysctl workers.sysctls.net.core.somaxconn',
  ],
  [
    'a sysctl in both spellings',
    { sysctls: { 'net.core.somaxconn': '1', 'net/core/somaxconn': '1' } },
    'error sysctl sysctls.net.core.somaxconn',
  ],
  [
    'strict reverse path filtering',
    { sysctls: { 'net.ipv4.conf.all.rp_filter': '1' } },
    'error sysctl-breaks sysctls.net.ipv4.conf.all.rp_filter',
  ],
  [
    'strict reverse path filtering, with slashes',
    { workers: { sysctls: { 'net/ipv4/conf/all/rp_filter': '1' } } },
    'error sysctl-breaks workers.sysctls.net/ipv4/conf/all/rp_filter',
  ],
  ['forwarding off', { sysctls: { 'net.ipv4.ip_forward': '0' } }, 'error sysctl-breaks sysctls.net.ipv4.ip_forward'],
  [
    'IPv6 off with IPv6 pods',
    { ...DUAL_STACK, sysctls: { 'net.ipv6.conf.all.disable_ipv6': '1' } },
    'error sysctl-breaks sysctls.net.ipv6.conf.all.disable_ipv6',
  ],
  [
    'strict reverse path filtering of new links',
    { sysctls: { 'net.ipv4.conf.default.rp_filter': '1' } },
    'warning sysctl-breaks sysctls.net.ipv4.conf.default.rp_filter',
  ],
  [
    'a sysctl of kernel hardening',
    { workers: { sysctls: { 'user.max_user_namespaces': '11255' } } },
    'warning sysctl-hardening workers.sysctls.user.max_user_namespaces',
  ],
  [
    'ordinary sysctls',
    {
      sysctls: { 'net/ipv4/conf/eth0.5/rp_filter': '1', 'vm.nr_hugepages': '1024', 'net.ipv4.conf.all.rp_filter': '2' },
    },
  ],
  ['IPv6 off without IPv6 pods', { sysctls: { 'net.ipv6.conf.all.disable_ipv6': '1' } }],
]);
