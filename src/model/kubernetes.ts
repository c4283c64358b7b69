/**
 * The objects of the Kubernetes API that the product reads and writes, as far as it does
 * (kubernetes.io/docs/reference/kubernetes-api). Fields that are not named here pass through untouched.
 */

export interface OwnerReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly controller?: boolean
  readonly blockOwnerDeletion?: boolean
}

export interface Metadata {
  readonly name: string
  readonly namespace?: string
  readonly uid?: string
  readonly resourceVersion?: string
  readonly generation?: number
  readonly creationTimestamp?: string
  readonly deletionTimestamp?: string
  readonly deletionGracePeriodSeconds?: number
  readonly generateName?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly finalizers?: readonly string[]
  readonly ownerReferences?: readonly OwnerReference[]
}

export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: Metadata
}

export interface Namespace extends KubeObject {
  readonly spec?: { readonly finalizers?: readonly string[] }
  readonly status?: { readonly phase?: 'Active' | 'Terminating' }
}

export interface ServiceAccount extends KubeObject {
  /** Absent: true. Whether its pods get a token of it. */
  readonly automountServiceAccountToken?: boolean
}

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
  /** The values are base64. */
  readonly binaryData?: Readonly<Record<string, string>>
}

/** The values of `data` are base64. */
export interface Secret extends KubeObject {
  readonly type?: string
  readonly data?: Readonly<Record<string, string>>
}

export interface Condition {
  readonly type: string
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason?: string
  readonly message?: string
  readonly lastTransitionTime?: string
  /** Deployments only. */
  readonly lastUpdateTime?: string
}

export interface LabelSelectorRequirement {
  readonly key: string
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
  readonly values?: readonly string[]
}

/** All of it must hold. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly LabelSelectorRequirement[]
}

export interface ServicePort {
  readonly name?: string
  readonly port: number
  readonly targetPort?: number | string
  readonly protocol?: string
  readonly appProtocol?: string
}

export interface Service extends KubeObject {
  readonly spec: {
    readonly selector?: Readonly<Record<string, string>>
    readonly ports?: readonly ServicePort[]
    readonly clusterIP?: string
    readonly clusterIPs?: readonly string[]
    readonly type?: string
    readonly sessionAffinity?: string
    readonly ipFamilies?: readonly string[]
    readonly ipFamilyPolicy?: string
    readonly internalTrafficPolicy?: string
    readonly externalName?: string
  }
}

export interface EndpointAddress {
  readonly ip: string
  /** Pods of a StatefulSet have a name of their own below a headless Service. */
  readonly hostname?: string
  readonly targetRef?: {
    readonly kind: string
    readonly name: string
    readonly namespace?: string
    readonly uid?: string
  }
}

export interface EndpointPort {
  readonly name?: string
  readonly port: number
  readonly protocol?: string
  readonly appProtocol?: string
}

/** Every address of a subset answers on every port of it. */
export interface EndpointSubset {
  readonly addresses?: readonly EndpointAddress[]
  readonly notReadyAddresses?: readonly EndpointAddress[]
  readonly ports?: readonly EndpointPort[]
}

export interface Endpoints extends KubeObject {
  readonly subsets?: readonly EndpointSubset[]
}

/** `nodeName` and `targetRef` as in Endpoints; an endpoint is ready when it takes new connections. */
export interface SliceEndpoint {
  readonly addresses: readonly string[]
  readonly conditions?: {
    readonly ready?: boolean
    readonly serving?: boolean
    readonly terminating?: boolean
  }
  readonly targetRef?: EndpointAddress['targetRef']
  readonly nodeName?: string
}

/** discovery.k8s.io/v1. All endpoints of a slice have its ports. */
export interface EndpointSlice extends KubeObject {
  readonly addressType: 'IPv4' | 'IPv6' | 'FQDN'
  readonly endpoints: readonly SliceEndpoint[]
  readonly ports?: readonly EndpointPort[]
}

export interface KubeEvent extends KubeObject {
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
  readonly involvedObject: {
    readonly apiVersion?: string
    readonly kind: string
    readonly namespace?: string
    readonly name: string
    readonly uid?: string
  }
  readonly count: number
  readonly firstTimestamp: string
  readonly lastTimestamp: string
  readonly source?: { readonly component?: string }
}

/** `spec` is what the operator wrote, not yet parsed: mesh/ does that. */
/** Of policy.openservicemesh.io. */
export interface PolicyObject extends KubeObject {
  readonly spec: unknown
  readonly status?: unknown
}

export interface MeshConfigObject extends KubeObject {
  readonly spec: unknown
  readonly status?: unknown
}
