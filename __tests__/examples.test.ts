import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..');
const examples = readdirSync(join(root, 'examples')).filter((name) => existsSync(join(root, 'examples', name, 'main.ts')));

/** Runs one example as a user would, in a folder and a time zone of its own. */
function run(name: string, zone: string): { readonly files: Readonly<Record<string, string>>; readonly printed: string } {
  const folder = mkdtempSync(join(tmpdir(), `example-${name}-`));
  const { stderr: printed, status } = spawnSync(process.execPath, ['--import', 'tsx', join(root, 'examples', name, 'main.ts')], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, CDK8S_OUTDIR: folder, TZ: zone, LANG: zone === 'UTC' ? 'C' : 'tr_TR.UTF-8' },
  });
  if (status !== 0) throw new Error(printed);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return {
    printed: printed.replaceAll(folder, 'OUT'),
    files: Object.fromEntries(
      files
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
        .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
    ),
  };
}

describe.each(examples)('examples/%s', (name) => {
  const first = run(name, 'UTC');

  it('writes manifests, and a patch for control planes where it makes one', () => {
    const names = Object.keys(first.files);
    const source = readFileSync(join(root, 'examples', name, 'main.ts'), 'utf8');
    expect(names.filter((file) => file.endsWith('.k8s.yaml'))).not.toHaveLength(0);
    expect(names.some((file) => file.endsWith('talos/controlplane.yaml'))).toBe(source.includes('new TalosPatch'));
    expect(first.printed).toMatch(/objects .* bytes .* gzip {2}sha256:/);
  });

  it('writes the same bytes in another process, folder, time zone and locale', () => {
    const second = run(name, 'Pacific/Kiritimati');
    const hashes = (files: Readonly<Record<string, string>>) =>
      Object.entries(files).map(([file, text]) => `${file} ${createHash('sha256').update(text).digest('hex')}`);
    expect(hashes(second.files)).toEqual(hashes(first.files));
    expect(second.printed).toBe(first.printed);
  });

  it('holds no key material and nothing of this machine', () => {
    const everything = Object.values(first.files).join('\n');
    expect(everything).not.toMatch(/PRIVATE KEY/);
    expect(everything).not.toContain(root);
  });
});
