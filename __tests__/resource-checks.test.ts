import type { CiliumReference } from '../lib/cilium/reference';
import { renderCilium } from '../lib/cilium/render';
import type { ResourceExample } from '../lib/custom-resource/check';
import { RESOURCE_KINDS } from '../lib/custom-resource/kinds';
import { resourceFindings } from '../lib/custom-resource/resource';
import type { Resource, ResourceKind, ResourceProps } from '../lib/custom-resource/resource';
import type { Finding } from '../lib/findings';

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
  const earlier = (example.others ?? []).map((other, i) => made(other.of, other.props as ResourceProps, `other-${String(i)}`));
  return resourceFindings(made(of, example.props, 'example'), earlier);
}

function choiceOf({ version = '1.18.4', values, talos }: ResourceExample<ResourceProps>): Pick<ResourceProps, 'cilium' | 'ciliumVersion'> {
  if (values === undefined && talos === undefined) return { ciliumVersion: version };
  const cilium: CiliumReference = { version, rendered: renderCilium({ version, values, talos }) };
  return { cilium };
}
