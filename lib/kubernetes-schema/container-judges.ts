/** Rules about containers and volumes: their contents, and what excludes each other. */
import { isMap, mapOf } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import { isDnsSubdomain, isLabelKey } from '../kubernetes/names';
import { found, isSet, listOf, shown } from './problem';
import type { Judge, Problem } from './problem';
import { quantityOf } from './quantity';
import { TEXT_JUDGES } from './text-judges';

/** Fields of a map of which exactly one may be set. */
function exactlyOne(value: unknown, names: readonly string[], what: string): readonly Problem[] | undefined {
  if (!isMap(value)) return undefined;
  const given = names.filter((name) => isSet(value[name]));
  if (given.length > 1)
    return found({
      rule: 'exclusive',
      path: [given[1] ?? ''],
      message: `${given.join(' and ')} exclude each other.`,
      hint: 'Keep one of them.',
    });
  return found(
    given.length === 0 && {
      rule: 'required',
      message: `It has no ${what}.`,
      hint: `Write one of ${names.join(', ')}.`,
    },
  );
}

/** Items of a list that server-side apply treats as one; without it both are kept. */
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

/** What an init container only has when it goes on beside the others. */
export function onlyOfSidecars(value: unknown): readonly Problem[] {
  const { restartPolicy, ...fields } = mapOf(value);
  if (restartPolicy === 'Always') return [];
  return ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe']
    .filter((field) => isSet(fields[field]))
    .map((field) => ({
      rule: 'combination',
      path: [field],
      message: `An init container has a ${field} only with restartPolicy: Always.`,
      hint: 'Write `restartPolicy: Always` for a sidecar, or leave it out.',
    }));
}

const container: Judge = (value) => {
  if (!isMap(value)) return undefined;
  const { image, securityContext, volumeMounts } = value;
  const privileged = mapOf(securityContext).privileged === true;
  return found(
    !isSet(image) && {
      rule: 'required',
      path: ['image'],
      message: 'A container needs an image.',
      hint: 'Write `image: …`.',
    },
    ...['livenessProbe', 'startupProbe'].map((probe) => {
      const { successThreshold = 1 } = mapOf(value[probe]);
      const path = [probe, 'successThreshold'];
      const message = `A ${probe} must have the successThreshold 1.`;
      return (
        typeof successThreshold === 'number' &&
        successThreshold > 1 && { rule: 'range' as const, path, message, hint: 'Leave it out.' }
      );
    }),
    ...twiceApplied(value.env, 'env', ({ name }) => name),
    ...twiceApplied(value.ports, 'ports', ({ containerPort, protocol }) =>
      containerPort === undefined
        ? undefined
        : `${String(containerPort)}/${isSet(protocol) ? String(protocol) : 'TCP'}`,
    ),
    ...listOf(volumeMounts).map(
      (mount, i) =>
        mapOf(mount).mountPropagation === 'Bidirectional' &&
        !privileged && {
          rule: 'combination' as const,
          path: ['volumeMounts', i, 'mountPropagation'],
          message: 'Only privileged containers mount with Bidirectional.',
          hint: 'Use HostToContainer, or `securityContext: { privileged: true }`.',
        },
    ),
  );
};

const env: Judge = (value) => {
  const { value: text, valueFrom } = mapOf(value);
  return found(
    isSet(text) &&
      isSet(valueFrom) && {
        rule: 'exclusive',
        path: ['valueFrom'],
        message: 'value and valueFrom exclude each other.',
        hint: 'Keep one of them.',
      },
  );
};

const SOURCES = {
  env: ['configMapKeyRef', 'fieldRef', 'fileKeyRef', 'resourceFieldRef', 'secretKeyRef'],
  envFrom: ['configMapRef', 'secretRef'],
  projected: ['clusterTrustBundle', 'configMap', 'downwardAPI', 'podCertificate', 'secret', 'serviceAccountToken'],
} as const;

/** A name and a key of a ConfigMap or Secret. */
const keyRef: Judge = (value) => {
  if (!isMap(value)) return undefined;
  const { name, key } = value;
  return found(
    (!isSet(name) || (typeof name === 'string' && !isDnsSubdomain(name))) && {
      rule: isSet(name) ? 'text' : 'required',
      path: ['name'],
      message: isSet(name) ? `${shown(name)} is not a valid name.` : 'The name of the object is missing.',
      hint: 'Write the name of the ConfigMap or Secret.',
    },
    typeof key === 'string' &&
      !/^[-._a-zA-Z0-9]+$/.test(key) && {
        rule: 'text',
        path: ['key'],
        message: `${shown(key)} is not a valid key.`,
        hint: 'Use letters, digits, dashes, dots and underscores.',
      },
  );
};

const QUOTAS =
  /^((requests|limits)\.)?(cpu|memory|ephemeral-storage|hugepages-.+)$|^requests\.storage$|^(pods|services|services\.(nodeports|loadbalancers)|secrets|configmaps|persistentvolumeclaims|replicationcontrollers|resourcequotas)$/;

/** What a quota counts. */
const quotaNames: Judge = (value) =>
  found(
    ...Object.keys(mapOf(value))
      .filter((name) => !QUOTAS.test(name) && !name.includes('/'))
      .map((name): Problem => ({
        rule: 'text',
        path: [name],
        message: `${shown(name)} is nothing that a quota counts.`,
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

const securityContext: Judge = (value) => {
  const { privileged, allowPrivilegeEscalation, capabilities } = mapOf(value);
  if (allowPrivilegeEscalation !== false) return undefined;
  const admin = listOf(mapOf(capabilities).add).includes('CAP_SYS_ADMIN');
  const other = privileged === true ? 'privileged: true' : admin ? 'the capability CAP_SYS_ADMIN' : undefined;
  const message = `allowPrivilegeEscalation: false and ${other ?? ''} exclude each other.`;
  return found(
    other !== undefined && {
      rule: 'exclusive',
      path: ['allowPrivilegeEscalation'],
      message,
      hint: 'Leave one of them out.',
    },
  );
};

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'];

/** What a probe or a hook does. */
const handler: Judge = (value) => exactlyOne(value, HANDLERS, 'handler');

const profile: Judge = (value) => {
  const { type, localhostProfile } = mapOf(value);
  const path = ['localhostProfile'];
  if (type === 'Localhost')
    return found(
      !isSet(localhostProfile) && {
        rule: 'required',
        path,
        message: 'The type Localhost needs the path of a profile.',
        hint: 'Write `localhostProfile: …`.',
      },
    );
  return found(
    isSet(localhostProfile) && {
      rule: 'exclusive',
      path,
      message: 'Only the type Localhost takes a localhostProfile.',
      hint: 'Write `type: Localhost`, or leave it out.',
    },
  );
};

const mount: Judge = (value) => {
  const { subPath, subPathExpr } = mapOf(value);
  return found(
    isSet(subPath) &&
      isSet(subPathExpr) && {
        rule: 'exclusive',
        path: ['subPathExpr'],
        message: 'subPath and subPathExpr exclude each other.',
        hint: 'Keep one of them.',
      },
  );
};

/** A volume has one source; without any it is an emptyDir. */
const volume: Judge = (value) => {
  const given = Object.entries(mapOf(value)).filter(([name, source]) => name !== 'name' && isMap(source));
  const names = given.map(([name]) => name);
  const { secret, configMap } = mapOf(value);
  return found(
    given.length > 1 && {
      rule: 'exclusive',
      path: [names[1] ?? ''],
      message: `${names.join(' and ')} exclude each other.`,
      hint: 'Keep one of them.',
    },
    isMap(secret) &&
      !isSet(secret.secretName) && {
        rule: 'required',
        path: ['secret', 'secretName'],
        message: 'The name of the Secret is missing.',
        hint: 'Write `secretName: …`.',
      },
    isMap(configMap) &&
      !isSet(configMap.name) && {
        rule: 'required',
        path: ['configMap', 'name'],
        message: 'The name of the ConfigMap is missing.',
        hint: 'Write `name: …`.',
      },
  );
};

/** A file of the downward API is a field or a resource. */
const downwardFile: Judge = (value) =>
  found(
    ...(exactlyOne(value, ['fieldRef', 'resourceFieldRef'], 'source') ?? []),
    wrongField(value, /^(spec|status)\./, 'Write one such as metadata.labels, or use an environment variable.'),
  );

/** A field of the pod that is there, but not for this use. */
function wrongField(value: unknown, wrong: RegExp, hint: string): Problem | false {
  const { fieldPath } = mapOf(mapOf(value).fieldRef);
  return (
    typeof fieldPath === 'string' &&
    wrong.test(fieldPath) && {
      rule: 'text',
      path: ['fieldRef', 'fieldPath'],
      message: `${shown(fieldPath)} cannot be read here.`,
      hint,
    }
  );
}

export const CONTAINER_JUDGES = {
  container,
  initContainer: (value) => found(...(container(value) ?? []), ...onlyOfSidecars(value)),
  env,
  envSource: (value) =>
    found(
      ...(exactlyOne(value, SOURCES.env, 'source') ?? []),
      wrongField(value, /^metadata\.(labels|annotations)$/, "Write one such as metadata.labels['app']."),
    ),
  envFromSource: (value) => exactlyOne(value, SOURCES.envFrom, 'source'),
  projectedSource: (value) => exactlyOne(value, SOURCES.projected, 'source'),
  fieldRef: (value) => {
    const problems = TEXT_JUDGES.fieldPath(mapOf(value).fieldPath);
    return problems?.map((problem) => ({ ...problem, path: ['fieldPath'] }));
  },
  keyRef,
  resourceNames,
  quotaNames,
  resources,
  securityContext,
  handler,
  profile,
  mount,
  volume,
  downwardFile,
} as const satisfies Readonly<Record<string, Judge>>;
