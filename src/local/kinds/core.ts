import { CORE_CLAIM_MESSAGES } from './core-claim.ts'
import { CORE_CONFIG_MESSAGES } from './core-config.ts'
import { CORE_CONTAINER_MESSAGES } from './core-container.ts'
import { CORE_EVENT_MESSAGES } from './core-event.ts'
import { CORE_NODE_MESSAGES } from './core-node.ts'
import { CORE_POD_MESSAGES } from './core-pod.ts'
import { CORE_SCHEDULING_MESSAGES } from './core-scheduling.ts'
import { CORE_SERVICE_MESSAGES } from './core-service.ts'
import { CORE_VOLUME_MESSAGES } from './core-volume.ts'
import type { MessageGroup } from './message-text.ts'

/** The messages of core/v1. */
export const CORE: MessageGroup = {
  group: '',
  version: 'v1',
  definitions: 'io.k8s.api.core.v1',
  listedKinds: [
    'ConfigMap',
    'Endpoints',
    'Event',
    'LimitRange',
    'Namespace',
    'Node',
    'PersistentVolumeClaim',
    'Pod',
    'PodTemplate',
    'ResourceQuota',
    'Secret',
    'Service',
    'ServiceAccount',
  ],
  otherKinds: [],
  messages: {
    ...CORE_CLAIM_MESSAGES,
    ...CORE_CONFIG_MESSAGES,
    ...CORE_CONTAINER_MESSAGES,
    ...CORE_EVENT_MESSAGES,
    ...CORE_NODE_MESSAGES,
    ...CORE_POD_MESSAGES,
    ...CORE_SCHEDULING_MESSAGES,
    ...CORE_SERVICE_MESSAGES,
    ...CORE_VOLUME_MESSAGES,
  },
}
