import type {
  Container,
  ContainerPort,
  EnvVar,
  Probe,
  ResourceRequirements,
} from '../../../model/kubernetes-pod.ts'

/** What kube-apiserver writes into a container that does not say it (k8s.io/api/core/v1, field descriptions). */
export function withContainerDefaults(container: Container): Container {
  const { ports, env, readinessProbe, livenessProbe, startupProbe } = container
  return {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicy(container.image),
    resources: {},
    ...container,
    ...(ports === undefined ? {} : { ports: ports.map(withProtocol) }),
    ...(env === undefined ? {} : { env: env.map(withFieldVersion) }),
    ...(readinessProbe === undefined ? {} : { readinessProbe: withProbeDefaults(readinessProbe) }),
    ...(livenessProbe === undefined ? {} : { livenessProbe: withProbeDefaults(livenessProbe) }),
    ...(startupProbe === undefined ? {} : { startupProbe: withProbeDefaults(startupProbe) }),
  }
}

export function withProbeDefaults(probe: Probe): Probe {
  const { httpGet, grpc } = probe
  return {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
    ...probe,
    ...(httpGet === undefined ? {} : { httpGet: { path: '/', scheme: 'HTTP', ...httpGet } }),
    ...(grpc === undefined ? {} : { grpc: { service: '', ...grpc } }),
  }
}

/** Of a pod, not of a template: who limits a resource asks for as much of it. */
export function withRequests(container: Container): Container {
  const { limits, requests }: ResourceRequirements = container.resources ?? {}
  if (limits === undefined) return container
  return { ...container, resources: { ...container.resources, requests: { ...limits, ...requests } } }
}

function withProtocol(port: ContainerPort): ContainerPort {
  return { ...port, protocol: port.protocol ?? 'TCP' }
}

function withFieldVersion(variable: EnvVar): EnvVar {
  const { valueFrom } = variable
  if (valueFrom?.fieldRef === undefined) return variable
  const fieldRef = { apiVersion: 'v1', ...valueFrom.fieldRef }
  return { ...variable, valueFrom: { ...valueFrom, fieldRef } }
}

/** A tag that moves, or none, is always looked for. */
function pullPolicy(image: string): string {
  if (image.includes('@')) return 'IfNotPresent'
  const [, tag = 'latest'] = /:([^/:]+)$/.exec(image) ?? []
  return tag === 'latest' ? 'Always' : 'IfNotPresent'
}
