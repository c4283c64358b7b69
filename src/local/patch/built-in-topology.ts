import type { ListTopology } from './list-topology.ts'
import { POD, POD_TEMPLATE, VOLUME_CLAIM_SPEC } from './pod-topology.ts'
import {
  ATOMIC,
  CONDITIONS,
  keyed,
  METADATA,
  mergedByKey,
  ownedByKey,
  portsBy,
  SET,
} from './topology-parts.ts'

export interface GroupKind {
  /** Empty for the core group. */
  readonly group: string
  readonly kind: string
}

/** Kinds that are not in the table have lists in their metadata only. */
export function builtInTopology({ group, kind }: GroupKind): ListTopology {
  return TABLE.get(`${group}/${kind}`) ?? ANY_KIND
}

interface Parts {
  readonly spec?: ListTopology
  readonly status?: ListTopology
}

function kindOf(parts: Parts | Readonly<Record<string, ListTopology>> = {}): ListTopology {
  return { fields: { metadata: METADATA, ...parts } }
}

const ANY_KIND: ListTopology = kindOf()
const WITH_CONDITIONS: ListTopology = { fields: { conditions: CONDITIONS } }

const WORKLOAD: ListTopology = kindOf({
  spec: { fields: { selector: ATOMIC, template: POD_TEMPLATE } },
  status: WITH_CONDITIONS,
})

const JOB_SPEC: ListTopology = { fields: { selector: ATOMIC, template: POD_TEMPLATE } }
const JOB_STATUS: ListTopology = {
  fields: {
    conditions: mergedByKey('type'),
    uncountedTerminatedPods: { fields: { failed: { list: 'set' }, succeeded: { list: 'set' } } },
  },
}

const WEBHOOKS: ListTopology = kindOf({
  webhooks: keyed('name', {
    fields: { matchConditions: keyed('name'), namespaceSelector: ATOMIC, objectSelector: ATOMIC },
  }),
})

const EVENT: ListTopology = kindOf({ involvedObject: ATOMIC, regarding: ATOMIC, related: ATOMIC })

const WITH_SECRET: ListTopology = { fields: { secretRef: ATOMIC } }

const PERSISTENT_VOLUME: ListTopology = kindOf({
  spec: {
    fields: {
      cephfs: WITH_SECRET,
      cinder: WITH_SECRET,
      claimRef: ATOMIC,
      csi: {
        fields: {
          controllerExpandSecretRef: ATOMIC,
          controllerPublishSecretRef: ATOMIC,
          nodeExpandSecretRef: ATOMIC,
          nodePublishSecretRef: ATOMIC,
          nodeStageSecretRef: ATOMIC,
        },
      },
      flexVolume: WITH_SECRET,
      iscsi: WITH_SECRET,
      nodeAffinity: { fields: { required: ATOMIC } },
      rbd: WITH_SECRET,
      scaleIO: WITH_SECRET,
      storageos: WITH_SECRET,
    },
  },
})

/** By group and kind; the versions of a kind that are served agree. From the tags of k8s.io/api. */
const TABLE: ReadonlyMap<string, ListTopology> = new Map([
  ['/Pod', POD],
  ['/PodTemplate', kindOf({ template: POD_TEMPLATE })],
  [
    '/ReplicationController',
    kindOf({ spec: { fields: { selector: ATOMIC, template: POD_TEMPLATE } }, status: WITH_CONDITIONS }),
  ],
  [
    '/Service',
    kindOf({ spec: { fields: { ports: portsBy('port'), selector: ATOMIC } }, status: WITH_CONDITIONS }),
  ],
  // Their imagePullSecrets, unlike those of pods, are replaced as a whole.
  ['/ServiceAccount', kindOf({ secrets: keyed('name', ATOMIC) })],
  ['/Namespace', kindOf({ status: WITH_CONDITIONS })],
  [
    '/Node',
    kindOf({
      spec: { fields: { podCIDRs: SET } },
      status: { fields: { addresses: keyed('type'), conditions: CONDITIONS } },
    }),
  ],
  ['/Event', EVENT],
  ['/PersistentVolumeClaim', kindOf({ spec: VOLUME_CLAIM_SPEC, status: WITH_CONDITIONS })],
  ['/PersistentVolume', PERSISTENT_VOLUME],
  ['/ResourceQuota', kindOf({ spec: { fields: { scopeSelector: ATOMIC } } })],
  ['apps/Deployment', WORKLOAD],
  ['apps/ReplicaSet', WORKLOAD],
  ['apps/StatefulSet', WORKLOAD],
  ['apps/DaemonSet', WORKLOAD],
  ['apps/ControllerRevision', kindOf({ data: ATOMIC })],
  ['batch/Job', kindOf({ spec: JOB_SPEC, status: JOB_STATUS })],
  [
    'batch/CronJob',
    kindOf({ spec: { fields: { jobTemplate: { fields: { metadata: METADATA, spec: JOB_SPEC } } } } }),
  ],
  [
    'networking.k8s.io/Ingress',
    kindOf({
      spec: {
        fields: {
          defaultBackend: { fields: { resource: ATOMIC, service: { fields: { port: ATOMIC } } } },
        },
      },
    }),
  ],
  ['networking.k8s.io/NetworkPolicy', kindOf({ spec: { fields: { podSelector: ATOMIC } } })],
  ['autoscaling/HorizontalPodAutoscaler', kindOf({ status: WITH_CONDITIONS })],
  [
    'policy/PodDisruptionBudget',
    kindOf({
      spec: { fields: { selector: { atomic: true, merge: { strategy: 'replace' } } } },
      status: WITH_CONDITIONS,
    }),
  ],
  ['rbac.authorization.k8s.io/RoleBinding', kindOf({ roleRef: ATOMIC })],
  ['rbac.authorization.k8s.io/ClusterRoleBinding', kindOf({ roleRef: ATOMIC })],
  ['admissionregistration.k8s.io/MutatingWebhookConfiguration', WEBHOOKS],
  ['admissionregistration.k8s.io/ValidatingWebhookConfiguration', WEBHOOKS],
  ['events.k8s.io/Event', EVENT],
  [
    'apiextensions.k8s.io/CustomResourceDefinition',
    kindOf({ status: { fields: { conditions: ownedByKey('type') } } }),
  ],
])
