import { LEGACY, MULTIDOC, files, judges } from './harness';

const POD_SECURITY = `apiVersion: pod-security.admission.config.k8s.io/v1
defaults:
  audit: restricted
  audit-version: latest
  enforce: baseline
  enforce-version: latest
  warn: restricted
  warn-version: latest
exemptions:
  namespaces:
  - kube-system
  - demo
  runtimeClasses: []
  usernames: []
kind: PodSecurityConfiguration
`;

test('the configuration is deleted and set as a whole, because its lists would append; in a section the list of plugins is', () => {
  const given = { podSecurity: { exemptNamespaces: ['demo'] } };
  const indented = (by: string): string => POD_SECURITY.replace(/^/gm, by).trimEnd() + '\n';
  const list = 'cluster:\n  apiServer:\n    admissionControl:\n';
  const document = 'apiVersion: v1alpha1\nkind: KubeAdmissionControlConfig\nname: PodSecurity\n';
  expect(files({ ...LEGACY, ...given })).toEqual({
    controlplane: `${list}      $patch: delete\n---\n${list}    - name: PodSecurity\n      configuration:\n${indented('        ')}`,
  });
  const set = `${document}configuration:\n${indented('  ')}`;
  expect(files({ ...MULTIDOC, ...given })).toEqual({
    controlplane: `${document}---\n${document}configuration:\n  $patch: delete\n---\n${set}`,
  });
});

judges([
  ['an unknown level', { podSecurity: { enforce: 'strict' } }, 'error pod-security podSecurity.enforce'],
  [
    'an invalid namespace name',
    { podSecurity: { exemptNamespaces: ['Demo'] } },
    'error pod-security podSecurity.exemptNamespaces[0]',
  ],
  [
    'a namespace twice',
    { podSecurity: { exemptNamespaces: ['demo', 'demo'] } },
    'error repeated podSecurity.exemptNamespaces[1]',
  ],
  [
    'kube-system again',
    { podSecurity: { exemptNamespaces: ['kube-system'] } },
    'error repeated podSecurity.exemptNamespaces[0]',
  ],
  ['a stricter level', { podSecurity: { enforce: 'restricted', exemptNamespaces: ['rook-ceph', 'demo'] } }],
]);
