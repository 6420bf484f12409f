import type { CiliumValues } from '../../imports/cilium-chart';
import { renderCilium } from '../../lib/cilium/render';
import type { KubernetesObject } from '../../lib/kubernetes/types';

const everything: CiliumValues = {
  hubble: {
    metrics: { enabled: ['dns'], tls: { enabled: true } },
    relay: { enabled: true, rollOutPods: true, tls: { server: { enabled: true } } },
    ui: { enabled: true, rollOutPods: true },
  },
};

function objects(values: CiliumValues, version = '1.19.6'): readonly KubernetesObject[] {
  return renderCilium({ version, values }).objects;
}

function only(all: readonly KubernetesObject[], kind: string, name: RegExp): KubernetesObject {
  const found = all.filter((object) => object.kind === kind && name.test(object.metadata.name));
  if (found.length !== 1) throw new Error(`${String(found.length)} objects of kind ${kind} match ${String(name)}`);
  return found[0];
}

/** The Secrets behind the projected volumes of Hubble, sorted. */
function mountedSecrets(all: readonly KubernetesObject[]): readonly string[] {
  const found = JSON.stringify(all).matchAll(/"secret":\{"name":"((?:hubble|mine)[^"]*)"/g);
  return [...found].map(([, name]) => name ?? '').sort();
}

function jobName(values: CiliumValues): string {
  return only(objects(values), 'Job', /^hubble/).metadata.name;
}

describe('certificates of Hubble', () => {
  it('are generated in the cluster: no render contains a key that the user did not set', () => {
    for (const method of ['cronJob', 'certmanager'] as const) {
      const auto = { method, certManagerIssuerRef: { name: 'cilium' } };
      const all = objects({ hubble: { ...everything.hubble, tls: { auto } } });
      expect(all.filter(({ kind }) => kind === 'Secret')).toEqual([]);
      expect(JSON.stringify(all).includes('PRIVATE KEY')).toBe(false);
    }
  });

  it('come from a Job whose name has a hash of what it runs, because Jobs are immutable', () => {
    const name = jobName(everything);
    expect(name).toMatch(/^hubble-generate-certs-[0-9a-f]{10}$/);
    expect(jobName({ ...everything })).toBe(name);
    expect(jobName({ ...everything, certgen: { annotations: { job: { note: 'only the metadata changes' } } } })).toBe(
      name,
    );
    expect(jobName({ ...everything, certgen: { nodeSelector: { 'kubernetes.io/arch': 'arm64' } } })).not.toBe(name);
    expect(jobName({ ...everything, cluster: { name: 'blue' } })).not.toBe(name);
  });

  it('come from a hook of that name in versions where Helm replaces it', () => {
    const job = only(objects(everything, '1.18.4'), 'Job', /^hubble/);
    expect(job.metadata.name).toBe('hubble-generate-certs');
    expect(job.metadata.annotations).toEqual({ 'helm.sh/hook': 'post-install,post-upgrade' });
  });

  it('come from a container with limits, also where the chart misplaces them', () => {
    const resources = { limits: { memory: '64Mi' } };
    for (const version of ['1.18.0', '1.18.4']) {
      const { spec } = only(objects({ certgen: { resources } }, version), 'Job', /^hubble/);
      expect(spec).toMatchObject({ template: { spec: { containers: [{ name: 'certgen', resources }] } } });
    }
  });

  it('may be disabled by null, on which the chart fails', () => {
    const all = objects({ hubble: { tls: { enabled: null as never } } });
    expect(only(all, 'ConfigMap', /^cilium-config$/).data).toMatchObject({ 'hubble-disable-tls': 'true' });
    expect(only(all, 'Service', /^hubble-peer$/).spec).toMatchObject({ ports: [{ port: 80 }] });
    expect(all.filter(({ kind }) => kind === 'Job')).toEqual([]);
  });

  it('are renewed by the same run that generated them', () => {
    const all = objects(everything);
    const { jobTemplate } = only(all, 'CronJob', /^hubble/).spec as {
      readonly jobTemplate: { readonly spec: unknown };
    };
    expect(jobTemplate.spec).toEqual(only(all, 'Job', /^hubble/).spec);
  });

  it('are mounted under the names under which they are generated', () => {
    const all = objects(everything);
    const job = JSON.stringify(only(all, 'Job', /^hubble/));
    for (const name of mountedSecrets(all)) expect(job.includes(`name: ${name}\\n`)).toBe(true);
    expect(mountedSecrets(all)).toHaveLength(5);
  });

  it('may be in Secrets of the user, which the pods then mount', () => {
    const all = objects({
      hubble: {
        tls: { auto: { enabled: false }, server: { existingSecret: 'mine-1' } },
        relay: {
          enabled: true,
          tls: { client: { existingSecret: 'mine-2' }, server: { enabled: true, existingSecret: 'mine-3' } },
        },
        ui: { enabled: true, tls: { client: { existingSecret: 'mine-4' } } },
      },
    });
    expect(mountedSecrets(all)).toEqual(['mine-1', 'mine-2', 'mine-3', 'mine-4']);
    expect(all.filter(({ kind }) => kind === 'Secret' || kind === 'Job')).toEqual([]);
  });
});

describe('pods of Hubble Relay and Hubble UI', () => {
  it.each([
    ['hubble-relay', 'cilium.io/hubble-relay-configmap-checksum', { hubble: { relay: { retryTimeout: '3s' } } }],
    ['hubble-ui', 'cilium.io/hubble-ui-nginx-configmap-checksum', { hubble: { ui: { baseUrl: '/hubble/' } } }],
  ] as const)('%s roll out when their configuration changes, and only then', (name, annotation, change) => {
    const checksum = (values: CiliumValues): unknown => {
      const spec = only(objects(values), 'Deployment', new RegExp(`^${name}$`)).spec as {
        readonly template: { readonly metadata: { readonly annotations: Readonly<Record<string, string>> } };
      };
      return spec.template.metadata.annotations[annotation];
    };
    const { relay, ui } = everything.hubble ?? {};
    const changed = {
      hubble: {
        ...everything.hubble,
        relay: { ...relay, ...('relay' in change.hubble ? change.hubble.relay : {}) },
        ui: { ...ui, ...('ui' in change.hubble ? change.hubble.ui : {}) },
      },
    };
    expect(checksum(everything)).toMatch(/^[0-9a-f]{64}$/);
    expect(checksum({ ...everything, bpf: { masquerade: true } })).toBe(checksum(everything));
    expect(checksum(changed)).not.toBe(checksum(everything));
  });
});
