import { KisekiError } from '../../model/errors.ts'
import type { Container, EnvVar, Pod } from '../../model/kubernetes-pod.ts'
import {
  METRICS_ANNOTATION,
  PROXY_UUID_LABEL,
  SIDECAR_ADMIN_PORT,
  SIDECAR_CONTAINER,
  SIDECAR_INBOUND_PORT,
  SIDECAR_INJECTION_ANNOTATION,
  SIDECAR_METRICS_PORT,
} from '../well-known-names.ts'
import { workloadOf } from '../workload.ts'
import { type InjectionScope, shouldInject } from './injection-decision.ts'

export interface InjectionContext extends InjectionScope {
  /** Where the sidecar gets its configuration. */
  readonly controlPlaneUrl: string
  /** For the label `osm-proxy-uuid`; another one for each pod. */
  readonly proxyUuid: string
  /** Absent: ours. */
  readonly sidecarImage?: string
}

const SIDECAR_IMAGE = 'kiseki/sidecar'
/** Of the pod, and so longer-lived than its containers: the last good configuration outlives a restart. */
const STATE_VOLUME = 'kiseki-sidecar-state'
const STATE_FOLDER = '/var/lib/kiseki/sidecar'

/**
 * A new pod as it is to be created: with a sidecar where the rules want one, else as it came.
 * Throws `KISEKI_INVALID` where the rules refuse it.
 */
export function injectSidecar(pod: Pod, context: InjectionContext): Pod {
  const { action, reason } = shouldInject(pod, context)
  if (action === 'refuse') throw refused(reason)
  if (action === 'skip') return pod
  const annotations = { ...scrapeAnnotations(context), ...pod.metadata.annotations }
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: { ...pod.metadata.labels, [PROXY_UUID_LABEL]: context.proxyUuid },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    // Last: the first container is the one that kubectl means when none is named.
    spec: {
      ...pod.spec,
      containers: [...pod.spec.containers, sidecarContainer(pod, context)],
      volumes: [...(pod.spec.volumes ?? []), { name: STATE_VOLUME, emptyDir: {} }],
    },
  }
}

function refused(reason: string): KisekiError {
  return new KisekiError('KISEKI_INVALID', reason, {
    remedy: `Write "enabled" or "disabled" for ${SIDECAR_INJECTION_ANNOTATION}.`,
  })
}

function scrapeAnnotations({ namespace }: InjectionContext): Readonly<Record<string, string>> {
  if (namespace.metadata.annotations?.[METRICS_ANNOTATION] !== 'enabled') return {}
  return {
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': String(SIDECAR_METRICS_PORT),
    'prometheus.io/path': '/stats/prometheus',
  }
}

function sidecarContainer(pod: Pod, context: InjectionContext): Container {
  return {
    name: SIDECAR_CONTAINER,
    image: context.sidecarImage ?? SIDECAR_IMAGE,
    imagePullPolicy: 'IfNotPresent',
    ports: [
      { name: 'proxy-admin', containerPort: SIDECAR_ADMIN_PORT },
      { name: 'proxy-inbound', containerPort: SIDECAR_INBOUND_PORT },
      { name: 'proxy-metrics', containerPort: SIDECAR_METRICS_PORT },
    ],
    env: sidecarEnvironment(pod, context),
    volumeMounts: [{ name: STATE_VOLUME, mountPath: STATE_FOLDER }],
    readinessProbe: { httpGet: { path: '/ready', port: SIDECAR_ADMIN_PORT }, periodSeconds: 1 },
  }
}

function sidecarEnvironment(pod: Pod, context: InjectionContext): readonly EnvVar[] {
  const workload = workloadOf(pod)
  return [
    { name: 'MESH_NAME', value: context.meshName },
    { name: 'CONTROL_PLANE_URL', value: context.controlPlaneUrl },
    ofPod('POD_UID', 'metadata.uid'),
    ofPod('POD_NAME', 'metadata.name'),
    ofPod('POD_NAMESPACE', 'metadata.namespace'),
    ofPod('POD_IP', 'status.podIP'),
    ofPod('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
    { name: 'POD_CONTROLLER_KIND', value: workload.kind },
    { name: 'POD_CONTROLLER_NAME', value: workload.name },
    { name: 'SIDECAR_STATE_DIR', value: STATE_FOLDER },
  ]
}

function ofPod(name: string, fieldPath: string): EnvVar {
  return { name, valueFrom: { fieldRef: { fieldPath } } }
}
