import type { KubeObject, LabelSelector } from './kubernetes.ts'

/**
 * Objects that an installer writes and a cluster runs by, beside the workloads: who may do what (RBAC), new kinds,
 * admission webhooks, leases. As far as the product reads and writes them; other fields pass through untouched.
 */

/** rbac.authorization.k8s.io/v1 */
export interface PolicyRule {
  readonly verbs: readonly string[]
  readonly apiGroups?: readonly string[]
  /** `pods`, `pods/log`, `*`. */
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  /** Paths that are no resource, `/version`; of cluster roles only. */
  readonly nonResourceURLs?: readonly string[]
}

export interface Role extends KubeObject {
  readonly rules?: readonly PolicyRule[]
}

export interface ClusterRole extends KubeObject {
  readonly rules?: readonly PolicyRule[]
  readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly LabelSelector[] }
}

export interface RbacSubject {
  readonly kind: 'User' | 'Group' | 'ServiceAccount'
  /** Absent or empty for service accounts, else `rbac.authorization.k8s.io`. */
  readonly apiGroup?: string
  readonly name: string
  /** Of service accounts. */
  readonly namespace?: string
}

export interface RoleBinding extends KubeObject {
  readonly roleRef: {
    readonly apiGroup: string
    readonly kind: 'Role' | 'ClusterRole'
    readonly name: string
  }
  readonly subjects?: readonly RbacSubject[]
}

export interface ClusterRoleBinding extends RoleBinding {}

/** coordination.k8s.io/v1 */
export interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string
    readonly leaseDurationSeconds?: number
    /** RFC 3339 with microseconds, as is `renewTime`. */
    readonly acquireTime?: string
    readonly renewTime?: string
    readonly leaseTransitions?: number
  }
}

/** discovery.k8s.io/v1; which Service it is of, its label `kubernetes.io/service-name` says. */
export interface EndpointSlice extends KubeObject {
  readonly addressType: 'IPv4' | 'IPv6' | 'FQDN'
  readonly endpoints: readonly {
    readonly addresses: readonly string[]
    /** What is absent of them is unknown; `ready` is then to be taken as true. */
    readonly conditions?: {
      readonly ready?: boolean
      readonly serving?: boolean
      readonly terminating?: boolean
    }
    readonly hostname?: string
    readonly nodeName?: string
    readonly targetRef?: {
      readonly kind: string
      readonly name: string
      readonly namespace?: string
      readonly uid?: string
    }
  }[]
  readonly ports?: readonly {
    readonly name?: string
    readonly port?: number
    readonly protocol?: string
    readonly appProtocol?: string
  }[]
}

export interface CustomResourceVersion {
  readonly name: string
  readonly served: boolean
  /** One version is the one that is stored. */
  readonly storage: boolean
  readonly deprecated?: boolean
  readonly schema?: { readonly openAPIV3Schema?: unknown }
  readonly subresources?: {
    readonly status?: object
    readonly scale?: {
      readonly specReplicasPath: string
      readonly statusReplicasPath: string
      readonly labelSelectorPath?: string
    }
  }
  readonly additionalPrinterColumns?: readonly {
    readonly name: string
    readonly type: string
    readonly jsonPath: string
    readonly format?: string
    readonly description?: string
    readonly priority?: number
  }[]
}

/** apiextensions.k8s.io/v1; its name is `PLURAL.GROUP`. */
export interface CustomResourceDefinition extends KubeObject {
  readonly spec: {
    readonly group: string
    readonly scope: 'Namespaced' | 'Cluster'
    readonly names: {
      readonly plural: string
      readonly kind: string
      readonly singular?: string
      readonly listKind?: string
      readonly shortNames?: readonly string[]
      readonly categories?: readonly string[]
    }
    readonly versions: readonly CustomResourceVersion[]
    readonly conversion?: unknown
    readonly preserveUnknownFields?: boolean
  }
  readonly status?: {
    /** `Established` when it is served. */
    readonly conditions?: readonly {
      readonly type: string
      readonly status: 'True' | 'False' | 'Unknown'
      readonly reason?: string
      readonly message?: string
      readonly lastTransitionTime?: string
    }[]
    readonly acceptedNames?: unknown
    readonly storedVersions?: readonly string[]
  }
}

/** How a webhook is called: at a URL, or at a Service, one of them. */
export interface WebhookClientConfig {
  readonly url?: string
  readonly service?: {
    readonly namespace: string
    readonly name: string
    readonly path?: string
    /** Absent: 443. */
    readonly port?: number
  }
  /** PEM in base64: what the webhook's certificate must be signed by. Absent: what the system trusts. */
  readonly caBundle?: string
}

/** Which requests a webhook is asked about; `*` is all. */
export interface WebhookRule {
  readonly operations: readonly ('CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT' | '*')[]
  readonly apiGroups: readonly string[]
  readonly apiVersions: readonly string[]
  /** `pods`, `pods/status`, `*`, `*` + `/*`. */
  readonly resources: readonly string[]
  /** Absent: `*`. */
  readonly scope?: 'Cluster' | 'Namespaced' | '*'
}

export interface ValidatingWebhook {
  /** Fully qualified: `osm-validator.k8s.io`. */
  readonly name: string
  readonly clientConfig: WebhookClientConfig
  readonly rules?: readonly WebhookRule[]
  readonly namespaceSelector?: LabelSelector
  readonly objectSelector?: LabelSelector
  /** What happens when it cannot be asked. Absent: Fail. */
  readonly failurePolicy?: 'Fail' | 'Ignore'
  readonly sideEffects: 'None' | 'NoneOnDryRun'
  /** Versions of AdmissionReview that it speaks, the best first. */
  readonly admissionReviewVersions: readonly string[]
  /** 1 to 30. Absent: 10. */
  readonly timeoutSeconds?: number
  /** Whether the rules match the same object through other versions of its API. Absent: Equivalent. */
  readonly matchPolicy?: 'Exact' | 'Equivalent'
  /** CEL; all must hold. */
  readonly matchConditions?: readonly { readonly name: string; readonly expression: string }[]
}

export interface MutatingWebhook extends ValidatingWebhook {
  /** Whether it is asked again when a later one has changed the object. Absent: Never. */
  readonly reinvocationPolicy?: 'Never' | 'IfNeeded'
}

/** admissionregistration.k8s.io/v1 */
export interface MutatingWebhookConfiguration extends KubeObject {
  readonly webhooks?: readonly MutatingWebhook[]
}

export interface ValidatingWebhookConfiguration extends KubeObject {
  readonly webhooks?: readonly ValidatingWebhook[]
}
