/** Where values are described: pages below `docs/values/`, one for each section at the top. */
import { homepage } from '../rules/homepage';

const PAGES = 'docs/values';

/** The page of a value: its path in the package, or its address once there is a homepage. */
export function valuePage(path: string, isSection: boolean): string {
  return `${homepage}${PAGES}/${pageName(path, isSection)}.md#${anchorOf(path)}`;
}

/** The name of the page: that of the section at the top, in lower case words, `gateway-api`. */
export function pageName(path: string, isSection: boolean): string {
  const [top = '', ...below] = path.split('.');
  if (below.length === 0 && !isSection) return 'general';
  return top.replaceAll(/(?<=[a-z0-9])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}

/** The anchor that Markdown renderers give to a heading with the path of a value. */
export function anchorOf(path: string): string {
  return path.toLowerCase().replace(/[^a-z0-9 _-]/g, '');
}

/** The reference of a minor, scrolled to the value. */
export function referenceOf(minor: string, path: string): string {
  return `https://docs.cilium.io/en/v${minor}/helm-reference/#:~:text=${encodeURIComponent(path)}`;
}
