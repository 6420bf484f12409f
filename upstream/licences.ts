import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licence texts of the modules that are copied into a bundle, as their licences require.
 * @param inputs the files of the bundle, as esbuild lists them.
 */
export function licenceTexts(root: string, inputs: readonly string[]): string {
  const folders = inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []);
  // A bundle in another working folder lists the files from there.
  const modules = [...new Set(folders.map((folder) => folder.slice(folder.indexOf('node_modules/'))))].sort();
  return modules
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Record<
        string,
        string
      >;
      const files = readdirSync(join(root, folder)).filter((file) => /^(?:licen[cs]e|notice)/i.test(file));
      const texts = files.sort().map((file) => readFileSync(join(root, folder, file), 'utf8').trim());
      return `${name ?? ''} ${version ?? ''} (${license ?? ''})\n\n${texts.join('\n\n')}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
