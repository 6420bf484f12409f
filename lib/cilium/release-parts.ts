/** A release, `1.18.4`, as its minor, `1.18`, and its patch; a prerelease has those of its release. */
export function partsOf(version: string): { readonly minor: string; readonly patch: number } {
  const [major = '', minor = '', patch = ''] = version.split('.');
  return { minor: `${major}.${minor}`, patch: Number.parseInt(patch, 10) };
}
