import { SIDECAR_INJECTION_ANNOTATION } from '../../../mesh/well-known-names.ts'
import type { Service } from '../../../model/kubernetes.ts'
import type { Pod, PodTemplate } from '../../../model/kubernetes-pod.ts'
import type { Deployment } from '../../../model/kubernetes-workload.ts'

/** A process that shall run in the mesh. */
export interface RunSpec {
  /** Of its pod (or Deployment), Service and container: a DNS label that begins with a letter (RFC 1035). */
  readonly name: string
  readonly namespace: string
  /** Where it listens, HTTP. */
  readonly port: number
  /** The program's file, and its arguments. */
  readonly command: readonly [string, ...string[]]
  readonly workingDir: string
  readonly environment: Readonly<Record<string, string>>
}

/** For as long as somebody looks on: it is not started again when it has ended. */
export function runPod(run: RunSpec): Pod {
  const { name, namespace } = run
  const { metadata, spec } = podTemplate(run)
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, ...metadata },
    spec: { ...spec, restartPolicy: 'Never' },
  }
}

/** For one that is left alone. */
export function runDeployment(run: RunSpec): Deployment {
  const { name, namespace } = run
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels: labelsOf(run) },
    spec: { replicas: 1, selector: { matchLabels: { app: name } }, template: podTemplate(run) },
  }
}

function podTemplate(run: RunSpec): PodTemplate {
  const { name, port, command, workingDir, environment } = run
  return {
    // Also where the namespace asks for none.
    metadata: { labels: labelsOf(run), annotations: { [SIDECAR_INJECTION_ANNOTATION]: 'enabled' } },
    spec: {
      // It comes from a shell, and knows nothing of a cluster.
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 10,
      containers: [
        {
          name,
          image: `osm-run/${name}`,
          command: command.map(literal),
          workingDir,
          env: Object.entries(environment).map(([key, value]) => ({ name: key, value: literal(value) })),
          ports: [{ containerPort: port }],
          readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
        },
      ],
    },
  }
}

function labelsOf({ name }: RunSpec): Readonly<Record<string, string>> {
  return { app: name, 'app.kubernetes.io/managed-by': 'osm-run' }
}

export function runService(run: RunSpec): Service {
  const { name, namespace, port } = run
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels: labelsOf(run) },
    spec: { selector: { app: name }, ports: [{ name: 'http', port, targetPort: port, appProtocol: 'http' }] },
  }
}

/** Kubernetes would put variables in the place of `$(NAME)`; what comes from a shell has been through that. */
function literal(text: string): string {
  return text.replaceAll('$', '$$$$')
}
