import type { MessageGroup } from './message-text.ts'

/** The messages of discovery.k8s.io/v1. */
export const DISCOVERY: MessageGroup = {
  group: 'discovery.k8s.io',
  version: 'v1',
  definitions: 'io.k8s.api.discovery.v1',
  listedKinds: ['EndpointSlice'],
  otherKinds: [],
  messages: {
    Endpoint: `
      1 addresses! string[] set; 2 conditions EndpointConditions; 3 hostname? string;
      4 targetRef core.ObjectReference; 5 deprecatedTopology string{}; 6 nodeName? string; 7 zone? string;
      8 hints EndpointHints`,
    EndpointConditions: '1 ready? bool; 2 serving? bool; 3 terminating? bool',
    EndpointHints: '1 forZones ForZone[]; 2 forNodes ForNode[]',
    EndpointPort:
      'atomic; 1 name? string; 2 protocol? string(Protocol); 3 port? int32; 4 appProtocol? string',
    EndpointSlice: `
      1 metadata meta.ObjectMeta; 2 endpoints! Endpoint[]; 3 ports EndpointPort[];
      4 addressType! string(AddressType)`,
    ForNode: '1 name! string',
    ForZone: '1 name! string',
  },
}
