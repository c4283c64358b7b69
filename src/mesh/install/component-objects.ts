import type { Service, ServicePort } from '../../model/kubernetes.ts'
import type { Container, EnvVar, Probe, ResourceRequirements } from '../../model/kubernetes-pod.ts'
import type { Deployment } from '../../model/kubernetes-workload.ts'
import type { InstallValues } from './install-values.ts'
import { componentLabels } from './object-labels.ts'

export interface ComponentOptions {
  readonly name: string
  readonly image: string
  /** By name, which is also that of the container port. */
  readonly ports: Readonly<Record<string, number>>
  /** The one of them that answers `/health`. */
  readonly healthPort: number
  readonly env?: readonly EnvVar[]
  readonly resources: ResourceRequirements
  /** Of the Deployment alone. */
  readonly labels?: Readonly<Record<string, string>>
}

/** A part of the control plane: one pod behind a Service of the same name. */
export function renderComponent(
  values: InstallValues,
  options: ComponentOptions,
): readonly [Deployment, Service] {
  const { name } = options
  const labels = componentLabels(values, name)
  const metadata = { name, namespace: values.meshNamespace, labels }
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata, labels: { ...labels, ...options.labels } },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels },
          spec: { serviceAccountName: values.meshName, containers: [container(values, options)] },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { type: 'ClusterIP', selector: { app: name }, ports: servicePorts(options.ports) },
    },
  ]
}

function container(values: InstallValues, options: ComponentOptions): Container {
  return {
    name: options.name,
    image: options.image,
    imagePullPolicy: 'IfNotPresent',
    env: [
      { name: 'MESH_NAME', value: values.meshName },
      { name: 'MESH_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
      { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      ...(options.env ?? []),
    ],
    ports: Object.entries(options.ports).map(([name, containerPort]) => ({ name, containerPort })),
    resources: options.resources,
    readinessProbe: healthProbe(options.healthPort, { periodSeconds: 1 }),
    livenessProbe: healthProbe(options.healthPort, {
      initialDelaySeconds: 5,
      periodSeconds: 10,
      timeoutSeconds: 5,
    }),
  }
}

function healthProbe(port: number, times: Omit<Probe, 'httpGet'>): Probe {
  return { httpGet: { path: '/health', port }, ...times }
}

function servicePorts(ports: Readonly<Record<string, number>>): readonly ServicePort[] {
  return Object.entries(ports).map(([name, port]) => ({ name, port, targetPort: port, protocol: 'TCP' }))
}
