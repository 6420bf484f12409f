import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { Cilium, describeFinding, synthesize } from '../lib';
import { homepage, rulePage } from '../lib/rules/homepage';
import { knownRules } from '../lib/rules/known-rules';
import type { Feature } from '../lib';

const root = join(__dirname, '..');

describe('the pages of rules', () => {
  it('are named by findings of the library, not by those of user features', () => {
    const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'pages-')) });
    const mine: Feature = {
      name: 'mine',
      contribute: () => ({}),
      rules: [
        {
          id: 'mine/always',
          level: 'warning',
          find: () => ({ paths: ['hubble'], message: 'A fact.', hint: 'A hint.' }),
          examples: { bad: { values: {} }, good: { values: {} } },
        },
      ],
    };
    new Cilium(new Chart(app, 'cilium'), 'cilium', {
      version: '1.19.6',
      features: [mine],
      values: { l2announcements: { enabled: true } },
    });
    const { warnings } = synthesize(app);
    const pages = Object.fromEntries(warnings.map(({ id, page }) => [id, page]));
    expect(pages).toMatchObject({
      'l2-announcements/kube-proxy-kept': 'docs/rules/l2-announcements.md#l2-announcementskube-proxy-kept',
      'mine/always': undefined,
    });
  });

  it('exist for every rule, with its heading', () => {
    const missing = [...knownRules()].filter(([id, { page = '' }]) => {
      const [file = ''] = page.slice(homepage.length).split('#');
      return (
        page !== rulePage(id) ||
        !existsSync(join(root, file)) ||
        !readFileSync(join(root, file), 'utf8').includes(`## \`${id}\``)
      );
    });
    expect(missing).toEqual([]);
  });

  it('add no line to a message as long as there is no public address', () => {
    const finding = {
      id: 'ip-pool/block',
      level: 'error',
      paths: ['blocks[0]'],
      message: 'A fact.',
      hint: 'A hint.',
    } as const;
    expect(homepage).toBe('');
    expect(describeFinding(finding).split('\n')).toHaveLength(2);
    expect(describeFinding({ ...finding, docs: 'https://example.test' })).toContain('See https://example.test');
  });
});
