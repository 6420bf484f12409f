import { DOCUMENTS_ONLY, LEGACY, MULTIDOC, files } from './harness';

test('scheduling on control planes is a field, or removes the taint, which is set first', () => {
  const taint = (value: string): string =>
    `apiVersion: v1alpha1\nkind: KubeNodeConfig\ntaints:\n  node-role.kubernetes.io/control-plane:${value}\n`;
  const given = (allowSchedulingOnControlPlanes: boolean): object => ({ allowSchedulingOnControlPlanes });
  expect(files({ ...LEGACY, ...given(true) })).toEqual({
    controlplane: 'cluster:\n  allowSchedulingOnControlPlanes: true\n',
  });
  expect(files({ ...LEGACY, ...given(false) })).toEqual({
    controlplane: 'cluster:\n  allowSchedulingOnControlPlanes: false\n',
  });
  expect(files({ ...MULTIDOC, ...given(true) })).toEqual({
    controlplane: `${taint(' NoSchedule')}${DOCUMENTS_ONLY}---\n${taint('\n    $patch: delete')}`,
  });
  expect(files({ ...MULTIDOC, ...given(false) })).toEqual({ controlplane: taint(' NoSchedule') + DOCUMENTS_ONLY });
});

test('all that is removed from control planes is in one document after all others', () => {
  const { controlplane = '' } = files({
    ...MULTIDOC,
    allowSchedulingOnControlPlanes: true,
    nodeLabels: { 'node.kubernetes.io/exclude-from-external-load-balancers': null },
    controlPlanes: { nodeTaints: { a: 'NoSchedule' } },
  });
  const [set = '', lost = '', ...more] = controlplane.replace(DOCUMENTS_ONLY, '').split('---\n');
  expect(set).toContain(
    'exclude-from-external-load-balancers: ""\ntaints:\n  a: NoSchedule\n  node-role.kubernetes.io/control-plane: NoSchedule\n',
  );
  expect(lost.match(/\$patch: delete/g)).toHaveLength(2);
  expect(more).toEqual([]);
});
