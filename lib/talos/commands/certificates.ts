import type { KubernetesObject } from '../../kubernetes/types';
import { talosHas } from '../cluster/versions';
import { changeCommands } from './change';
import { ciliumNamespace } from './command';
import type { Command, CommandsInput, CommandsProps } from './command';
import { INVENTORY } from './hand-over';

const AUTHORITY = 'cilium-ca';
/** Labels of certgen's Jobs, with the Secrets that they make. */
const CERTGEN: Readonly<Record<string, readonly string[]>> = {
  'hubble-generate-certs': [
    'hubble-server-certs',
    'hubble-relay-client-certs',
    'hubble-relay-server-certs',
    'hubble-metrics-server-certs',
    'hubble-ui-client-certs',
  ],
  'clustermesh-apiserver-generate-certs': [
    'clustermesh-apiserver-server-cert',
    'clustermesh-apiserver-admin-cert',
    'clustermesh-apiserver-remote-cert',
    'clustermesh-apiserver-local-cert',
  ],
};

/** Certgen in the patch. */
interface Certgen {
  /** `hubble-generate-certs` */
  readonly name: string;
  /** One of its Secrets. */
  readonly secret: string;
  /** It runs again, so that a Job can be made of its CronJob. */
  readonly again: boolean;
}

/** Renews the certificates that certgen makes, now. Empty without a CronJob of certgen. */
export function renewCertificatesCommands(input: CommandsInput): readonly Command[] {
  const runs = certgenIn(input).filter(({ again }) => again);
  const namespace = ciliumNamespace(input);
  if (namespace === undefined || runs.length === 0) return [];
  return [
    lookAtAuthority(
      namespace,
      'certgen signs with it and never renews it: replace it before this date, as the guide about certificates describes.',
    ),
    ...runs.flatMap(({ name, secret }) => [
      {
        run: `kubectl --namespace ${namespace} create job ${name}-now --from=cronjob/${name}`,
        why: 'A run out of turn. It replaces all certificates, however long the old ones are still valid; the certificate authority stays.',
      },
      {
        run: `kubectl --namespace ${namespace} wait --for=condition=complete --timeout=5m job/${name}-now && kubectl --namespace ${namespace} delete job ${name}-now`,
        why: 'If it fails, its log says why: an authority that has expired, or that ends too early.',
      },
      lookAt(
        namespace,
        secret,
        'tls.crt',
        'The new certificate. Pods have it a minute or two later and need no restart.',
      ),
    ]),
  ];
}

/** From certificates that Helm generated and the manifests contained to certgen's, with the same certificate authority. */
export function adoptCertificatesCommands(input: CommandsInput, props: CommandsProps): readonly Command[] {
  const runs = certgenIn(input);
  const namespace = ciliumNamespace(input);
  if (namespace === undefined || runs.length === 0) return [];
  const secrets = [AUTHORITY, ...runs.flatMap(({ name }) => CERTGEN[name] ?? [])].join(' ');
  const prunes = talosHas(input.talos.talosVersion, 'manifest-pruning');
  return [
    lookAtAuthority(
      namespace,
      'certgen signs with it and never renews it. From Cilium 1.20 on it must outlast the certificates; otherwise replace it first.',
    ),
    {
      run: `kubectl --namespace ${namespace} get secret ${AUTHORITY} -o yaml > ${AUTHORITY}.yaml`,
      why: 'A copy, should the Secret get lost. It holds a private key: keep it out of the repository, and delete it afterwards.',
    },
    {
      run: `for name in ${secrets}; do kubectl --namespace ${namespace} annotate --overwrite secret "$name" helm.sh/resource-policy=keep; done`,
      why: 'Only where Helm or Flux upgrades the release: Helm deletes objects that left the chart, without this annotation the certificate authority too. Some of these Secrets may not exist.',
    },
    ...changeCommands(input, props).map((command) => (prunes ? keeping(command) : command)),
    ...(prunes
      ? [
          {
            run: `kubectl --namespace kube-system edit configmap ${INVENTORY}`,
            why: `Take the lines of these Secrets out of \`data\`: ${secrets}. Otherwise the next upgrade-k8s without --manifests-no-prune deletes them.`,
          },
        ]
      : []),
    ...runs.map(({ name }) => ({
      run: `kubectl --namespace ${namespace} wait --for=condition=complete --timeout=5m job --selector k8s-app=${name}`,
      why: 'certgen has signed new certificates with the same authority: peers with old and with new ones trust each other.',
    })),
    ...runs.map(({ secret }) => lookAt(namespace, secret, 'tls.crt', 'Certgen’s certificate.')),
  ];
}

/** The Secrets left the manifests: the sync of a Talos that prunes would delete them, after certgen has written them. */
function keeping({ run, why }: Command): Command {
  return run.includes(' upgrade-k8s ') && !run.includes('--dry-run')
    ? {
        run: `${run} --manifests-no-prune`,
        why: `${why} This time without deleting: the Secrets of the certificates left the manifests.`,
      }
    : { run, why };
}

function certgenIn({ objects }: CommandsInput): readonly Certgen[] {
  return Object.entries(CERTGEN).flatMap(([name, [secret = '']]) => {
    const of = (kind: string) => objects.some((object) => object.kind === kind && isOf(object, name));
    return of('Job') || of('CronJob') ? [{ name, secret, again: of('CronJob') }] : [];
  });
}

function isOf({ metadata }: KubernetesObject, name: string): boolean {
  return metadata.labels?.['k8s-app'] === name;
}

function lookAtAuthority(namespace: string, why: string): Command {
  return lookAt(namespace, AUTHORITY, 'ca.crt', `The end of the certificate authority: ${why}`);
}

function lookAt(namespace: string, secret: string, file: string, why: string): Command {
  const path = `{.data.${file.replace('.', String.raw`\.`)}}`;
  return {
    run: `kubectl --namespace ${namespace} get secret ${secret} -o jsonpath='${path}' | base64 -d | openssl x509 -noout -dates`,
    why,
  };
}
