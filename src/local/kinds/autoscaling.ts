import type { MessageGroup } from './message-text.ts'

/** The messages of autoscaling/v1. */
export const AUTOSCALING: MessageGroup = {
  group: 'autoscaling',
  version: 'v1',
  definitions: 'io.k8s.api.autoscaling.v1',
  listedKinds: [],
  otherKinds: ['Scale'],
  messages: {
    Scale: '1 metadata meta.ObjectMeta; 2 spec ScaleSpec; 3 status ScaleStatus',
    ScaleSpec: '1 replicas int32',
    ScaleStatus: '1 replicas! int32; 2 selector string',
  },
}
