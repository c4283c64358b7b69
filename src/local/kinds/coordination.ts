import type { MessageGroup } from './message-text.ts'

/** The messages of coordination.k8s.io/v1. */
export const COORDINATION: MessageGroup = {
  group: 'coordination.k8s.io',
  version: 'v1',
  definitions: 'io.k8s.api.coordination.v1',
  listedKinds: ['Lease'],
  otherKinds: [],
  messages: {
    Lease: '1 metadata meta.ObjectMeta; 2 spec LeaseSpec',
    LeaseSpec: `
      1 holderIdentity? string; 2 leaseDurationSeconds? int32; 3 acquireTime? MicroTime;
      4 renewTime? MicroTime; 5 leaseTransitions? int32; 6 strategy? string(CoordinatedLeaseStrategy);
      7 preferredHolder? string`,
  },
}
