import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { joined, namespaced } from '../../parts/metadata';
import { writeNginx } from './nginx';
import type { Directive } from './nginx';

/** The backend's port for the frontend. */
const BACKEND = 'http://127.0.0.1:8090';

/** The frontend's ConfigMap, without its metadata. */
export function configData(ctx: Context): Readonly<Record<string, string>> {
  return { 'nginx.conf': writeNginx([['server', server(ctx)]]) };
}

/** The frontend's nginx configuration: files at the base URL, and the backend as upstream. */
export function configMap(ctx: Context): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: namespaced(ctx, 'hubble-ui-nginx', {
      labels: joined(ctx.v.commonLabels),
      annotations: joined(ctx.v.hubble.ui.annotations),
    }),
    data: configData(ctx),
  };
}

function server({ v }: Context): readonly Directive[] {
  const { frontend } = v.hubble.ui;
  const baseUrl = v.hubble.ui.baseUrl ?? '/';
  return [
    ['listen', '8081'],
    ...(isTruthy(frontend.server.ipv6.enabled) ? ([['listen', '[::]:8081']] as const) : []),
    ['server_name', 'localhost'],
    ['root', '/app'],
    ['index', 'index.html'],
    ['client_max_body_size', '1G'],
    [
      'location',
      '/',
      [
        ['proxy_set_header', 'Host', '$host'],
        ['proxy_set_header', 'X-Real-IP', '$remote_addr'],
        ['location', `${baseUrl}api`, backend(baseUrl)],
        ...movedFiles(baseUrl),
        ['location', baseUrl, files(baseUrl)],
        [
          'location',
          '/healthz',
          [
            ['access_log', 'off'],
            ['add_header', 'Content-Type', 'text/plain'],
            ['return', '200', "'ok'"],
          ],
        ],
      ],
    ],
  ];
}

function backend(baseUrl: string): readonly Directive[] {
  return [
    ...withoutPrefix(baseUrl),
    ['proxy_http_version', '1.1'],
    ['proxy_pass_request_headers', 'on'],
    ['proxy_pass', baseUrl === '/' ? BACKEND : `${BACKEND}/`],
  ];
}

/** Pages have the root as base URL; nginx replaces it. */
function movedFiles(baseUrl: string): readonly Directive[] {
  if (baseUrl === '/') return [];
  return [
    ['sub_filter_once', 'on'],
    ['sub_filter', `'<base href="/"/>'`, `'<base href="${baseUrl}"/>'`],
  ];
}

function files(baseUrl: string): readonly Directive[] {
  return [
    ['if', '($http_user_agent ~* "kube-probe")', [['access_log', 'off']]],
    ...withoutPrefix(baseUrl),
    // nginx does not try the last argument as a file, so it is listed twice.
    ['try_files', '$uri', '$uri/', '/index.html', '/index.html'],
  ];
}

function withoutPrefix(baseUrl: string): readonly Directive[] {
  return baseUrl === '/' ? [] : [['rewrite', `^${baseUrl.replace(/\/$/, '')}(/.*)$`, '$1', 'break']];
}
