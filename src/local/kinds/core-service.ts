import type { MessageTexts } from './message-text.ts'

/** Services and Endpoints, of core/v1. */
export const CORE_SERVICE_MESSAGES: MessageTexts = {
  ClientIPConfig: '1 timeoutSeconds? int32',
  EndpointAddress: 'atomic; 1 ip! string; 2 targetRef ObjectReference; 3 hostname string; 4 nodeName? string',
  EndpointPort: 'atomic; 1 name string; 2 port! int32; 3 protocol string(Protocol); 4 appProtocol? string',
  EndpointSubset: `
    1 addresses EndpointAddress[]; 2 notReadyAddresses EndpointAddress[]; 3 ports EndpointPort[]`,
  Endpoints: '1 metadata meta.ObjectMeta; 2 subsets EndpointSubset[]',
  LoadBalancerIngress: `
    1 ip string; 2 hostname string; 3 ipMode? string(LoadBalancerIPMode); 4 ports PortStatus[]`,
  LoadBalancerStatus: '1 ingress LoadBalancerIngress[]',
  PortStatus: '1 port! int32; 2 protocol! string(Protocol); 3 error? string',
  Service: '1 metadata meta.ObjectMeta; 2 spec ServiceSpec; 3 status ServiceStatus',
  ServicePort: `
    1 name string; 2 protocol string(Protocol) default(TCP); 3 port! int32; 4 targetPort IntOrString;
    5 nodePort int32; 6 appProtocol? string`,
  ServiceSpec: `
    1 ports ServicePort[] map(port,protocol) merge(port); 2 selector string{} atomic; 3 clusterIP string;
    4 type string(ServiceType); 5 externalIPs string[]; 7 sessionAffinity string(ServiceAffinity);
    8 loadBalancerIP string; 9 loadBalancerSourceRanges string[]; 10 externalName string;
    11 externalTrafficPolicy string(ServiceExternalTrafficPolicy); 12 healthCheckNodePort int32;
    13 publishNotReadyAddresses bool; 14 sessionAffinityConfig SessionAffinityConfig;
    17 ipFamilyPolicy? string(IPFamilyPolicy); 18 clusterIPs string[]; 19 ipFamilies string(IPFamily)[];
    20 allocateLoadBalancerNodePorts? bool; 21 loadBalancerClass? string;
    22 internalTrafficPolicy? string(ServiceInternalTrafficPolicy); 23 trafficDistribution? string`,
  ServiceStatus: '1 loadBalancer LoadBalancerStatus; 2 conditions meta.Condition[] map(type) merge(type)',
  SessionAffinityConfig: '1 clientIP ClientIPConfig',
}
