/** The public address of this package's files, with a slash at its end; empty as long as there is none. Every link is made of it. */
export const homepage: string = '';

/** Where the pages of the rules are, in the package and below {@link homepage}. */
const PAGES = 'docs/rules';

/** The page of a rule: its path in the package, or its address once there is a {@link homepage}. */
export function rulePage(id: string): string {
  const [subject = ''] = id.split('/');
  return `${homepage}${PAGES}/${subject}.md#${anchorOf(id)}`;
}

/** The anchor that Markdown renderers give to the heading of a rule. */
function anchorOf(id: string): string {
  return id.toLowerCase().replace(/[^a-z0-9 _-]/g, '');
}
