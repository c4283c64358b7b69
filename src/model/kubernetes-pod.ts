import type { Condition, KubeObject } from './kubernetes.ts'

/** A pod and what is in it (kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1). */

/** One key of a ConfigMap or Secret. */
export interface KeySelector {
  readonly name: string
  readonly key: string
  readonly optional?: boolean
}

/** `resource` is `limits.cpu`, `requests.memory` …; `divisor` a quantity, `1Mi`; absent or 0: 1. */
export interface ResourceFieldSelector {
  readonly containerName?: string
  readonly resource: string
  readonly divisor?: string | number
}

export interface EnvVarSource {
  readonly fieldRef?: { readonly fieldPath: string }
  readonly resourceFieldRef?: ResourceFieldSelector
  readonly configMapKeyRef?: KeySelector
  readonly secretKeyRef?: KeySelector
}

export interface EnvVar {
  readonly name: string
  readonly value?: string
  readonly valueFrom?: EnvVarSource
}

/** All keys of a ConfigMap or Secret, as variables. */
export interface EnvFromSource {
  readonly prefix?: string
  readonly configMapRef?: { readonly name: string; readonly optional?: boolean }
  readonly secretRef?: { readonly name: string; readonly optional?: boolean }
}

/** Quantities by the name of a resource: `{ cpu: '500m', memory: '64Mi' }`. */
export type ResourceList = Readonly<Record<string, string | number>>

export interface ResourceRequirements {
  readonly limits?: ResourceList
  readonly requests?: ResourceList
}

/** A key and the file that it becomes. `mode` is a number of bits, 0o644 = 420. */
export interface KeyToPath {
  readonly key: string
  readonly path: string
  readonly mode?: number
}

export interface DownwardApiFile {
  readonly path: string
  readonly fieldRef?: { readonly fieldPath: string }
  readonly resourceFieldRef?: ResourceFieldSelector
  readonly mode?: number
}

/** What a volume of type `projected` is put together from; one of them. */
export interface ProjectedSource {
  readonly configMap?: {
    readonly name: string
    readonly items?: readonly KeyToPath[]
    readonly optional?: boolean
  }
  readonly secret?: {
    readonly name: string
    readonly items?: readonly KeyToPath[]
    readonly optional?: boolean
  }
  readonly downwardAPI?: { readonly items?: readonly DownwardApiFile[] }
  readonly serviceAccountToken?: {
    readonly path: string
    readonly expirationSeconds?: number
    readonly audience?: string
  }
}

/** Beside `name`, one field that says what it is; kinds that are not named here pass through. */
export interface Volume {
  readonly name: string
  readonly emptyDir?: { readonly medium?: string; readonly sizeLimit?: string }
  readonly hostPath?: { readonly path: string; readonly type?: string }
  readonly configMap?: {
    readonly name: string
    readonly items?: readonly KeyToPath[]
    readonly optional?: boolean
    readonly defaultMode?: number
  }
  readonly secret?: {
    readonly secretName: string
    readonly items?: readonly KeyToPath[]
    readonly optional?: boolean
    readonly defaultMode?: number
  }
  readonly downwardAPI?: { readonly items?: readonly DownwardApiFile[]; readonly defaultMode?: number }
  readonly projected?: { readonly sources?: readonly ProjectedSource[]; readonly defaultMode?: number }
}

export interface VolumeMount {
  readonly name: string
  readonly mountPath: string
  readonly subPath?: string
  readonly subPathExpr?: string
  readonly readOnly?: boolean
}

export interface ContainerPort {
  readonly name?: string
  readonly containerPort: number
  readonly protocol?: string
}

export interface Probe {
  readonly httpGet?: {
    /** Absent: the pod's address. */
    readonly host?: string
    readonly path?: string
    readonly port: number | string
    readonly scheme?: string
    readonly httpHeaders?: readonly { readonly name: string; readonly value: string }[]
  }
  readonly tcpSocket?: { readonly host?: string; readonly port: number | string }
  readonly exec?: { readonly command?: readonly string[] }
  readonly grpc?: { readonly port: number; readonly service?: string }
  readonly initialDelaySeconds?: number
  readonly periodSeconds?: number
  readonly timeoutSeconds?: number
  readonly successThreshold?: number
  readonly failureThreshold?: number
}

export interface Container {
  readonly name: string
  readonly image: string
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly workingDir?: string
  readonly env?: readonly EnvVar[]
  readonly envFrom?: readonly EnvFromSource[]
  readonly ports?: readonly ContainerPort[]
  readonly volumeMounts?: readonly VolumeMount[]
  readonly readinessProbe?: Probe
  readonly livenessProbe?: Probe
  readonly startupProbe?: Probe
  readonly resources?: ResourceRequirements
  readonly imagePullPolicy?: string
  /** Of an init container: it stays, and what comes after it does not wait for its end (a sidecar, KEP-753). */
  readonly restartPolicy?: 'Always'
  readonly terminationMessagePath?: string
  readonly terminationMessagePolicy?: string
}

export interface PodSpec {
  readonly containers: readonly Container[]
  readonly initContainers?: readonly Container[]
  readonly volumes?: readonly Volume[]
  readonly serviceAccountName?: string
  /** Absent: what the ServiceAccount says. */
  readonly automountServiceAccountToken?: boolean
  /** Absent: not yet on a node. */
  readonly nodeName?: string
  /** Absent: true. Whether containers get the variables of the Services of their namespace. */
  readonly enableServiceLinks?: boolean
  readonly hostNetwork?: boolean
  readonly restartPolicy?: 'Always' | 'OnFailure' | 'Never'
  readonly terminationGracePeriodSeconds?: number
  readonly dnsPolicy?: string
  readonly schedulerName?: string
  readonly securityContext?: unknown
}

export interface ContainerState {
  readonly waiting?: { readonly reason: string; readonly message?: string }
  readonly running?: { readonly startedAt: string }
  readonly terminated?: {
    readonly exitCode: number
    readonly reason: string
    readonly startedAt?: string
    readonly finishedAt: string
    readonly message?: string
  }
}

export interface ContainerStatus {
  readonly name: string
  readonly image: string
  readonly ready: boolean
  readonly started: boolean
  readonly restartCount: number
  readonly state: ContainerState
  readonly lastState?: ContainerState
}

export interface Pod extends KubeObject {
  readonly spec: PodSpec
  readonly status?: {
    readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed'
    /** Why it is in this phase, where that is not plain: `Evicted`. */
    readonly reason?: string
    readonly message?: string
    readonly podIP?: string
    readonly podIPs?: readonly { readonly ip: string }[]
    readonly hostIP?: string
    readonly startTime?: string
    readonly conditions?: readonly Condition[]
    readonly initContainerStatuses?: readonly ContainerStatus[]
    readonly containerStatuses?: readonly ContainerStatus[]
  }
}

export interface PodTemplate {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly spec: PodSpec
}
