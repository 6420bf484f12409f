import { layered } from '../lib/cilium/layers';
import { renderCilium } from '../lib/cilium/render';
import type { ResourceExample } from '../lib/custom-resource/check';
import { RESOURCE_KINDS } from '../lib/custom-resource/kinds';
import { resourceFindings } from '../lib/custom-resource/resource';
import type { Resource, ResourceKind, ResourceProps } from '../lib/custom-resource/resource';
import type { Finding } from '../lib/findings';
import { TalosCluster } from '../lib/talos/cluster';
import { talosValues } from '../lib/talos/values';

/** Every rule proves itself: its bad example trips it, and no other error; its good example has no error at all. */
describe('checks of custom resources', () => {
  const checks = RESOURCE_KINDS.flatMap((of) => of.checks.map((check) => [check.id, of, check] as const));

  it('have unique ids that start with the subject of their kind', () => {
    const ids = checks.map(([id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [id, of] of checks) expect(id).toMatch(new RegExp(`^${of.subject}/[a-z0-9-]+$`));
  });

  it('belong to kinds with subjects of their own', () => {
    const subjects = RESOURCE_KINDS.map(({ subject }) => subject);
    expect(new Set(subjects).size).toBe(subjects.length);
  });

  it.each(checks)('%s', (id, of, check) => {
    const bad = findingsOf(of, check.examples.bad);
    const tripped = bad.filter((finding) => finding.id === id);
    expect(tripped).not.toHaveLength(0);
    expect(bad.filter((finding) => finding.level === 'error' && finding.id !== id)).toEqual([]);
    for (const { level, at, says, fix } of tripped) {
      expect(level).toBe(check.level);
      expect(at).not.toHaveLength(0);
      expect(says).toMatch(/[.!]$/);
      expect(fix).toMatch(/[.!]$/);
    }
    const good = findingsOf(of, check.examples.good);
    expect(good.filter((finding) => finding.level === 'error' || finding.id === id)).toEqual([]);
  });
});

function findingsOf(of: ResourceKind, example: ResourceExample<ResourceProps>): readonly Finding[] {
  const choice = choiceOf(example);
  const made = (kind: ResourceKind, props: ResourceProps, name: string): Resource => ({
    of: kind,
    name: props.name ?? name,
    props: { ...props, ...choice },
  });
  const earlier = (example.others ?? []).map(({ subject, props }, i) => made(kindOf(subject), props, `other-${String(i)}`));
  return resourceFindings(made(of, example.props, 'example'), { earlier, services: example.services });
}

function kindOf(subject: string): ResourceKind {
  const kind = RESOURCE_KINDS.find((one) => one.subject === subject);
  if (kind === undefined) throw new Error(`There is no kind '${subject}'.`);
  return kind;
}

function choiceOf({ version = '1.18.4', values, talos }: ResourceExample<ResourceProps>): Pick<ResourceProps, 'cilium' | 'ciliumVersion'> {
  if (values === undefined && talos === undefined) return { ciliumVersion: version };
  const cluster = talos && new TalosCluster(talos);
  const layers = [...(cluster === undefined ? [] : [talosValues(cluster, version)]), ...(values === undefined ? [] : [values])];
  return { cilium: { version, rendered: renderCilium({ version, values: layered(layers), talos: cluster }) } };
}
