/** Rules about containers and volumes: required fields, and fields that exclude each other. */
import { isMap, mapOf } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import { isDnsSubdomain, isLabelKey } from '../kubernetes/names';
import { exactlyOne, exclude, exclusive, found, isSet, listOf, needs, ofFields, only, shown } from './problem';
import type { FieldRule, Judge, Problem } from './problem';
import { quantityOf } from './quantity';
import { TEXT_JUDGES } from './text-judges';

/** Items of a list that server-side apply rejects as duplicates; other ways of applying accept them. */
function twiceApplied(list: unknown, field: string, identity: (item: JsonObject) => unknown): readonly Problem[] {
  const all = listOf(list).map((item) => identity(mapOf(item)));
  return all.flatMap((one, i): readonly Problem[] =>
    one === undefined || all.indexOf(one) === i
      ? []
      : [
          {
            rule: 'duplicate',
            level: 'warning',
            path: [field, i],
            message: `${shown(one)} is there twice, which server-side apply refuses.`,
            hint: 'Keep one of them.',
          },
        ],
  );
}

/** Fields that an init container has only as a sidecar. */
export const onlyOfSidecars: Judge = ofFields(
  ...['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'].map((field) =>
    only(
      field,
      ({ restartPolicy }) => restartPolicy === 'Always',
      `An init container has a ${field} only with restartPolicy: Always.`,
      'Write `restartPolicy: Always` for a sidecar, or leave it out.',
    ),
  ),
);

const oneSuccess =
  (probe: string): FieldRule =>
  (fields) => {
    const { successThreshold = 1 } = mapOf(fields[probe]);
    return (
      typeof successThreshold === 'number' &&
      successThreshold > 1 && {
        rule: 'range',
        path: [probe, 'successThreshold'],
        message: `A ${probe} must have the successThreshold 1.`,
        hint: 'Leave it out.',
      }
    );
  };

const container = ofFields(
  needs('image', 'A container needs an image.', 'Write `image: …`.'),
  oneSuccess('livenessProbe'),
  oneSuccess('startupProbe'),
  ({ env }) => twiceApplied(env, 'env', ({ name }) => name),
  ({ ports }) =>
    twiceApplied(ports, 'ports', ({ containerPort, protocol }) =>
      containerPort === undefined
        ? undefined
        : `${String(containerPort)}/${isSet(protocol) ? String(protocol) : 'TCP'}`,
    ),
  ({ volumeMounts, securityContext }) =>
    listOf(volumeMounts).flatMap((mount, i): readonly Problem[] =>
      mapOf(mount).mountPropagation !== 'Bidirectional' || mapOf(securityContext).privileged === true
        ? []
        : [
            {
              rule: 'combination',
              path: ['volumeMounts', i, 'mountPropagation'],
              message: 'Only privileged containers mount with Bidirectional.',
              hint: 'Use HostToContainer, or `securityContext: { privileged: true }`.',
            },
          ],
    ),
);

const SOURCES = {
  env: ['configMapKeyRef', 'fieldRef', 'fileKeyRef', 'resourceFieldRef', 'secretKeyRef'],
  envFrom: ['configMapRef', 'secretRef'],
  projected: ['clusterTrustBundle', 'configMap', 'downwardAPI', 'podCertificate', 'secret', 'serviceAccountToken'],
} as const;

/** A name and a key of a ConfigMap or Secret. */
const keyRef = ofFields(
  needs('name', 'The name of the object is missing.', 'Write the name of the ConfigMap or Secret.'),
  ({ name }) =>
    isSet(name) &&
    typeof name === 'string' &&
    !isDnsSubdomain(name) && {
      rule: 'text',
      path: ['name'],
      message: `${shown(name)} is not a valid name.`,
      hint: 'Write the name of the ConfigMap or Secret.',
    },
  ({ key }) =>
    typeof key === 'string' &&
    !/^[-._a-zA-Z0-9]+$/.test(key) && {
      rule: 'text',
      path: ['key'],
      message: `${shown(key)} is not a valid key.`,
      hint: 'Use letters, digits, dashes, dots and underscores.',
    },
);

const QUOTAS =
  /^((requests|limits)\.)?(cpu|memory|ephemeral-storage|hugepages-.+)$|^requests\.storage$|^(pods|services|services\.(nodeports|loadbalancers)|secrets|configmaps|persistentvolumeclaims|replicationcontrollers|resourcequotas)$/;

/** Resources that a quota counts. */
const quotaNames: Judge = (value) =>
  found(
    ...Object.keys(mapOf(value))
      .filter((name) => !QUOTAS.test(name) && !name.includes('/'))
      .map((name): Problem => ({
        rule: 'text',
        path: [name],
        message: `${shown(name)} is not a resource that a quota counts.`,
        hint: 'Write one such as pods, requests.cpu or limits.memory.',
      })),
  );

const isExtended = (name: string): boolean => name.includes('/');
const CONTAINER_RESOURCES = ['cpu', 'memory', 'ephemeral-storage'];

/** Limits or requests of a container. */
const resourceNames: Judge = (value) =>
  found(
    ...Object.entries(mapOf(value)).map(([name, amount]): Problem | false => {
      const known =
        CONTAINER_RESOURCES.includes(name) || name.startsWith('hugepages-') || (name.includes('/') && isLabelKey(name));
      if (!known) {
        return {
          rule: 'text',
          path: [name],
          message: `${shown(name)} is not a resource of containers.`,
          hint: `Use ${CONTAINER_RESOURCES.join(', ')}, hugepages-<size>, or the full name of an extended resource.`,
        };
      }
      const number = quantityOf(amount) ?? 0;
      if (isExtended(name) && !Number.isInteger(number))
        return {
          rule: 'text',
          path: [name],
          message: `${shown(amount)} is not a whole number.`,
          hint: 'Extended resources are counted in whole numbers.',
        };
      const negative = number < 0;
      return (
        negative && {
          rule: 'range',
          path: [name],
          message: `${shown(amount)} is less than 0.`,
          hint: 'Write a positive amount.',
        }
      );
    }),
  );

const resources: Judge = (value) => {
  const { limits, requests } = mapOf(value);
  return found(
    ...Object.entries(mapOf(requests)).map(([name, amount]): Problem | undefined => {
      const limit = mapOf(limits)[name];
      const [asked, most] = [quantityOf(amount), quantityOf(limit)];
      const path = ['requests', name];
      if (isExtended(name) && asked !== undefined && most !== asked) {
        const message = 'Extended resources need a limit that equals the request.';
        return { rule: 'combination', path, message, hint: `Write the same amount at limits.` };
      }
      if (asked === undefined || most === undefined || asked <= most) return undefined;
      const message = `The request ${shown(amount)} is more than the limit ${shown(limit)}.`;
      return { rule: 'combination', path, message, hint: 'Raise the limit, or lower the request.' };
    }),
  );
};

const securityContext: Judge = ofFields(({ privileged, allowPrivilegeEscalation, capabilities }) => {
  if (allowPrivilegeEscalation !== false) return undefined;
  const admin = listOf(mapOf(capabilities).add).includes('CAP_SYS_ADMIN');
  const other = privileged === true ? 'privileged: true' : admin ? 'the capability CAP_SYS_ADMIN' : undefined;
  return (
    other !== undefined && {
      rule: 'exclusive',
      path: ['allowPrivilegeEscalation'],
      message: `allowPrivilegeEscalation: false and ${other} exclude each other.`,
      hint: 'Leave one of them out.',
    }
  );
});

const isLocalhost = ({ type }: JsonObject): boolean => type === 'Localhost';

/** A volume has one source; without any it is an emptyDir. */
const oneSource: FieldRule = (fields) => {
  const given = Object.entries(fields).filter(([name, source]) => name !== 'name' && isMap(source));
  return given.length > 1 && exclusive(given.map(([name]) => name));
};

const hasMap =
  (name: string) =>
  (fields: JsonObject): boolean =>
    isMap(fields[name]);

/** A field of the pod that exists, but not for this use. */
const wrongField =
  (wrong: RegExp, hint: string): FieldRule =>
  ({ fieldRef }) => {
    const { fieldPath } = mapOf(fieldRef);
    return (
      typeof fieldPath === 'string' &&
      wrong.test(fieldPath) && {
        rule: 'text',
        path: ['fieldRef', 'fieldPath'],
        message: `${shown(fieldPath)} cannot be read here.`,
        hint,
      }
    );
  };

export const CONTAINER_JUDGES = {
  container,
  initContainer: (value) => found(...(container(value) ?? []), ...(onlyOfSidecars(value) ?? [])),
  env: ofFields(exclude('value', 'valueFrom')),
  envSource: ofFields(
    exactlyOne(SOURCES.env, 'source'),
    wrongField(/^metadata\.(labels|annotations)$/, "Write one such as metadata.labels['app']."),
  ),
  envFromSource: ofFields(exactlyOne(SOURCES.envFrom, 'source')),
  projectedSource: ofFields(exactlyOne(SOURCES.projected, 'source')),
  fieldRef: (value) => {
    const problems = TEXT_JUDGES.fieldPath(mapOf(value).fieldPath);
    return problems?.map((problem) => ({ ...problem, path: ['fieldPath'] }));
  },
  keyRef,
  resourceNames,
  quotaNames,
  resources,
  securityContext,
  /** A probe or a hook. */
  handler: ofFields(exactlyOne(['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'], 'handler')),
  profile: ofFields(
    needs(
      'localhostProfile',
      'The type Localhost needs the path of a profile.',
      'Write `localhostProfile: …`.',
      isLocalhost,
    ),
    only(
      'localhostProfile',
      isLocalhost,
      'Only the type Localhost has a localhostProfile.',
      'Write `type: Localhost`, or leave it out.',
      'exclusive',
    ),
  ),
  mount: ofFields(exclude('subPath', 'subPathExpr')),
  volume: ofFields(
    oneSource,
    needs(['secret', 'secretName'], 'The name of the Secret is missing.', 'Write `secretName: …`.', hasMap('secret')),
    needs(['configMap', 'name'], 'The name of the ConfigMap is missing.', 'Write `name: …`.', hasMap('configMap')),
  ),
  /** A file of the downward API is a field or a resource. */
  downwardFile: ofFields(
    exactlyOne(['fieldRef', 'resourceFieldRef'], 'source'),
    wrongField(/^(spec|status)\./, 'Write one such as metadata.labels, or use an environment variable.'),
  ),
} as const satisfies Readonly<Record<string, Judge>>;
