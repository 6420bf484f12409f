/** The supported Talos minors. */
export const TALOS_MINORS = ['1.11', '1.12', '1.13', '1.14'] as const;

export type TalosMinor = (typeof TALOS_MINORS)[number];

/** A Talos minor, `1.13`, or a release of it, `1.12.4`. A minor alone means its first release. */
export type TalosVersion = TalosMinor | `${TalosMinor}.${number}`;

/** The Talos release that generated a machine config: any of Talos 1, because upgraded clusters keep their config. */
export type GeneratedBy = TalosVersion | `1.${number}`;

/**
 * What a Talos release can do, with the first release that can. Which documents it knows is declared by each setting
 * (`lib/talos/cluster/<setting>.ts`).
 */
const SINCE = {
  /** `HostnameConfig`: configs that this release generates have it, and no host name in sections. */
  'hostname-config': '1.12.0',
  /** A node announces the pod ranges of its Node object over KubeSpan, independently of the addresses of its links. */
  'kubespan-announces-node-pod-cidrs': '1.12.4',
  /** KubeSpan's filter `excludeAdvertisedNetworks`. */
  'kubespan-exclude-advertised-networks': '1.12.4',
  /** Objects that are no longer in the manifests are deleted by `talosctl upgrade-k8s`. */
  'manifest-pruning': '1.13.0',
  /** `talosctl reboot --drain` drains the node first, and uncordons it afterwards. */
  'reboot-drains': '1.13.0',
  /** A node registers with the taints of its config; in older releases only control planes can set theirs. */
  'register-with-taints': '1.14.0',
  /** One file may hold a document more than once, and Talos ignores the delete of an absent document. */
  'repeated-documents': '1.14.0',
} as const satisfies Readonly<Record<string, `${TalosMinor}.${number}`>>;

export type TalosAbility = keyof typeof SINCE;

/** The Kubernetes minors that a Talos minor runs, and the release that it installs by default. */
const KUBERNETES: Readonly<
  Record<TalosMinor, { readonly oldest: number; readonly newest: number; readonly standard: string }>
> = {
  '1.11': { oldest: 29, newest: 34, standard: '1.34.1' },
  '1.12': { oldest: 30, newest: 35, standard: '1.35.4' },
  '1.13': { oldest: 31, newest: 36, standard: '1.36.3' },
  '1.14': { oldest: 32, newest: 37, standard: '1.37.0' },
};

/** The supported minor that a version belongs to; `undefined` for any other text, prereleases among them. */
export function talosMinor(version: string): TalosMinor | undefined {
  const minor = /^(\d+\.\d+)(\.\d+)?$/.exec(version)?.[1];
  return TALOS_MINORS.find((known) => known === minor);
}

/** Whether a Talos release can do something. A minor without a patch counts as its first release. */
export function talosHas(version: string, ability: TalosAbility): boolean {
  return isSince(version, SINCE[ability]);
}

/** Whether a version is a given one or later. A minor without a patch counts as its first release. */
export function isSince(version: string, first: string): boolean {
  const [asked, since] = [numbers(version), numbers(first)];
  for (const [i, wanted] of since.entries()) {
    const own = asked[i] ?? 0;
    if (own !== wanted) return own > wanted;
  }
  return true;
}

/** The minor of a version, supported or not: `1.8` of `1.8.3`. */
export function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

/** The first release with an ability, for messages: `1.12.4`. */
export function talosSince(ability: TalosAbility): string {
  return SINCE[ability];
}

/** The Kubernetes release that a Talos minor installs by default. */
export function defaultKubernetes(minor: TalosMinor): string {
  return KUBERNETES[minor].standard;
}

/** The Kubernetes minors that a Talos minor runs: `{ oldest: '1.31', newest: '1.36' }`. */
export function kubernetesRange(minor: TalosMinor): { readonly oldest: string; readonly newest: string } {
  const { oldest, newest } = KUBERNETES[minor];
  return { oldest: `1.${String(oldest)}`, newest: `1.${String(newest)}` };
}

/** Whether a Talos minor runs a Kubernetes version, `1.34` or `1.34.1`. */
export function runsKubernetes(minor: TalosMinor, kubernetesVersion: string): boolean {
  const { oldest, newest } = KUBERNETES[minor];
  const match = /^1\.(\d+)(\.\d+)?$/.exec(kubernetesVersion);
  const asked = Number(match?.[1]);
  return match !== null && asked >= oldest && asked <= newest;
}

function numbers(version: string): readonly number[] {
  return version.split('.').map(Number);
}
