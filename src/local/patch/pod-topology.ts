import type { ListTopology } from './list-topology.ts'
import { ATOMIC, CONDITIONS, keyed, METADATA, mergedByKey, ownedByKey, portsBy } from './topology-parts.ts'

/** Pods and what is made of their templates (the tags of k8s.io/api, core/v1). */

const RESOURCES: ListTopology = { fields: { claims: ownedByKey('name') } }
const WITH_SECRET: ListTopology = { fields: { secretRef: ATOMIC } }

const CONTAINER: ListTopology = {
  fields: {
    env: keyed('name', {
      fields: {
        valueFrom: {
          fields: {
            configMapKeyRef: ATOMIC,
            fieldRef: ATOMIC,
            fileKeyRef: ATOMIC,
            resourceFieldRef: ATOMIC,
            secretKeyRef: ATOMIC,
          },
        },
      },
    }),
    ports: portsBy('containerPort'),
    resources: RESOURCES,
    volumeDevices: keyed('devicePath'),
    volumeMounts: keyed('mountPath'),
  },
}

export const VOLUME_CLAIM_SPEC: ListTopology = {
  fields: { dataSource: ATOMIC, selector: ATOMIC },
}

const VOLUME: ListTopology = {
  fields: {
    cephfs: WITH_SECRET,
    cinder: WITH_SECRET,
    csi: { fields: { nodePublishSecretRef: ATOMIC } },
    ephemeral: {
      fields: { volumeClaimTemplate: { fields: { metadata: METADATA, spec: VOLUME_CLAIM_SPEC } } },
    },
    flexVolume: WITH_SECRET,
    iscsi: WITH_SECRET,
    rbd: WITH_SECRET,
    scaleIO: WITH_SECRET,
    storageos: WITH_SECRET,
  },
}

const TOPOLOGY_SPREAD: ListTopology = {
  ...keyed('topologyKey', { fields: { labelSelector: ATOMIC } }),
  list: [{ name: 'topologyKey' }, { name: 'whenUnsatisfiable' }],
}

const POD_SPEC: ListTopology = {
  fields: {
    affinity: {
      fields: { nodeAffinity: { fields: { requiredDuringSchedulingIgnoredDuringExecution: ATOMIC } } },
    },
    containers: keyed('name', CONTAINER),
    ephemeralContainers: keyed('name', CONTAINER),
    hostAliases: keyed('ip'),
    imagePullSecrets: keyed('name', ATOMIC),
    initContainers: keyed('name', CONTAINER),
    nodeSelector: ATOMIC,
    resourceClaims: keyed('name'),
    resources: RESOURCES,
    schedulingGates: keyed('name'),
    topologySpreadConstraints: TOPOLOGY_SPREAD,
    volumes: keyed('name', VOLUME),
  },
}

const POD_STATUS: ListTopology = {
  fields: {
    conditions: CONDITIONS,
    hostIPs: mergedByKey('ip'),
    podIPs: keyed('ip'),
    resourceClaimStatuses: keyed('name'),
    resources: RESOURCES,
  },
}

export const POD: ListTopology = { fields: { metadata: METADATA, spec: POD_SPEC, status: POD_STATUS } }

export const POD_TEMPLATE: ListTopology = { fields: { metadata: METADATA, spec: POD_SPEC } }
