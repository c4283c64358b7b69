import type { KubeObject, Service } from '../../model/kubernetes.ts'
import type { Container } from '../../model/kubernetes-pod.ts'
import type { Deployment } from '../../model/kubernetes-workload.ts'
import type { InstallValues } from './install-values.ts'
import { commonLabels } from './object-labels.ts'

export const JAEGER = 'jaeger'

const SELECTOR = { app: JAEGER }
const ZIPKIN_PORT = 9411
const QUERY_PORT = 16_686
/** OTLP, at the collector alone. */
const OTLP_PORTS = [
  { name: 'grpc-otlp', port: 4317 },
  { name: 'http-otlp', port: 4318 },
] as const
/** Health, as Jaeger v1 has it. */
const ADMIN_PORT = 14_269

interface NamedPort {
  readonly name: string
  readonly port: number
}

/**
 * The names, labels and ports of osm-edge's documentation. The label `app=jaeger` is on the Service `jaeger`
 * alone, because users list it by that label and expect one.
 */
export function renderJaeger(values: InstallValues): readonly KubeObject[] {
  const labels = { ...commonLabels(values), 'app.kubernetes.io/component': JAEGER }
  const zipkin = { name: 'http-zipkin', port: zipkinPort(values) }
  const query = { name: 'http-query', port: QUERY_PORT }
  const service = (name: string, ...ports: readonly NamedPort[]): Service => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: values.meshNamespace,
      labels: name === JAEGER ? { ...SELECTOR, ...labels } : labels,
    },
    spec: {
      type: 'ClusterIP',
      selector: SELECTOR,
      ports: ports.map(port => ({ ...port, targetPort: port.port, protocol: 'TCP' })),
    },
  })
  return [
    service(JAEGER, zipkin),
    service(`${JAEGER}-collector`, zipkin, ...OTLP_PORTS),
    service(`${JAEGER}-query`, query),
    jaegerDeployment(values, { ...SELECTOR, ...labels }),
  ]
}

/** `tracing.port` is that of another server when an address is given. */
function zipkinPort({ tracing }: InstallValues): number {
  return tracing.address === '' ? tracing.port : ZIPKIN_PORT
}

function jaegerDeployment(values: InstallValues, labels: Readonly<Record<string, string>>): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: JAEGER, namespace: values.meshNamespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: SELECTOR },
      template: { metadata: { labels }, spec: { containers: [jaegerContainer(values)] } },
    },
  }
}

function jaegerContainer(values: InstallValues): Container {
  const port = zipkinPort(values)
  return {
    name: JAEGER,
    image: values.tracing.image,
    imagePullPolicy: 'IfNotPresent',
    args: [`--collector.zipkin.host-port=${port}`],
    ports: [
      { name: 'zipkin', containerPort: port },
      { name: 'query', containerPort: QUERY_PORT },
      ...OTLP_PORTS.map(({ name, port: containerPort }) => ({ name, containerPort })),
    ],
    resources: { limits: { cpu: '500m', memory: '512M' }, requests: { cpu: '100m', memory: '256M' } },
    readinessProbe: { httpGet: { path: '/', port: ADMIN_PORT }, periodSeconds: 1 },
    livenessProbe: {
      httpGet: { path: '/', port: ADMIN_PORT },
      initialDelaySeconds: 5,
      periodSeconds: 10,
      timeoutSeconds: 5,
    },
  }
}
