import type { MessageTexts } from './message-text.ts'

/** Pods, of core/v1. */
export const CORE_POD_MESSAGES: MessageTexts = {
  HostAlias: '1 ip! string; 2 hostnames string[]',
  HostIP: '1 ip! string',
  LinuxContainerUser: '1 uid! int64; 2 gid! int64; 3 supplementalGroups int64[]',
  Pod: '1 metadata meta.ObjectMeta; 2 spec PodSpec; 3 status PodStatus',
  PodCondition: `
    1 type! string(PodConditionType); 2 status! string(ConditionStatus); 3 lastProbeTime Time;
    4 lastTransitionTime Time; 5 reason string; 6 message string; 7 observedGeneration int64`,
  PodDNSConfig: '1 nameservers string[]; 2 searches string[]; 3 options PodDNSConfigOption[]',
  PodDNSConfigOption: '1 name string; 2 value? string',
  PodExtendedResourceClaimStatus: `
    1 requestMappings! ContainerExtendedResourceRequest[]; 2 resourceClaimName! string`,
  PodIP: '1 ip! string',
  PodOS: '1 name! string(OSName)',
  PodReadinessGate: '1 conditionType! string(PodConditionType)',
  PodResourceClaim: '1 name! string; 3 resourceClaimName? string; 4 resourceClaimTemplateName? string',
  PodResourceClaimStatus: '1 name! string; 2 resourceClaimName? string',
  PodSchedulingGate: '1 name! string',
  PodSecurityContext: `
    1 seLinuxOptions SELinuxOptions; 2 runAsUser? int64; 3 runAsNonRoot? bool; 4 supplementalGroups int64[];
    5 fsGroup? int64; 6 runAsGroup? int64; 7 sysctls Sysctl[];
    8 windowsOptions WindowsSecurityContextOptions; 9 fsGroupChangePolicy? string(PodFSGroupChangePolicy);
    10 seccompProfile SeccompProfile; 11 appArmorProfile AppArmorProfile;
    12 supplementalGroupsPolicy? string(SupplementalGroupsPolicy);
    13 seLinuxChangePolicy? string(PodSELinuxChangePolicy)`,
  PodSpec: `
    1 volumes Volume[] map(name) merge(name) retainKeys; 2 containers! Container[] map(name) merge(name);
    3 restartPolicy string(RestartPolicy); 4 terminationGracePeriodSeconds? int64;
    5 activeDeadlineSeconds? int64; 6 dnsPolicy string(DNSPolicy); 7 nodeSelector string{} atomic;
    8 serviceAccountName string; 9 serviceAccount string; 10 nodeName string; 11 hostNetwork bool;
    12 hostPID bool; 13 hostIPC bool; 14 securityContext PodSecurityContext;
    15 imagePullSecrets LocalObjectReference[] map(name) merge(name); 16 hostname string;
    17 subdomain string; 18 affinity Affinity; 19 schedulerName string;
    20 initContainers Container[] map(name) merge(name); 21 automountServiceAccountToken? bool;
    22 tolerations Toleration[]; 23 hostAliases HostAlias[] map(ip) merge(ip); 24 priorityClassName string;
    25 priority? int32; 26 dnsConfig PodDNSConfig; 27 shareProcessNamespace? bool;
    28 readinessGates PodReadinessGate[]; 29 runtimeClassName? string; 30 enableServiceLinks? bool;
    31 preemptionPolicy? string(PreemptionPolicy); 32 overhead Quantity{};
    33 topologySpreadConstraints TopologySpreadConstraint[] map(topologyKey,whenUnsatisfiable) merge(topologyKey);
    34 ephemeralContainers EphemeralContainer[] map(name) merge(name); 35 setHostnameAsFQDN? bool;
    36 os PodOS; 37 hostUsers? bool; 38 schedulingGates PodSchedulingGate[] map(name) merge(name);
    39 resourceClaims PodResourceClaim[] map(name) merge(name) retainKeys;
    40 resources ResourceRequirements; 41 hostnameOverride? string; 42 workloadRef WorkloadReference`,
  PodStatus: `
    1 phase string(PodPhase); 2 conditions PodCondition[] map(type) merge(type); 3 message string;
    4 reason string; 5 hostIP string; 6 podIP string; 7 startTime? Time;
    8 containerStatuses ContainerStatus[]; 9 qosClass string(PodQOSClass);
    10 initContainerStatuses ContainerStatus[]; 11 nominatedNodeName string;
    12 podIPs PodIP[] map(ip) merge(ip); 13 ephemeralContainerStatuses ContainerStatus[];
    14 resize string(PodResizeStatus);
    15 resourceClaimStatuses PodResourceClaimStatus[] map(name) merge(name) retainKeys;
    16 hostIPs HostIP[] merge(ip); 17 observedGeneration int64;
    18 extendedResourceClaimStatus PodExtendedResourceClaimStatus; 19 allocatedResources Quantity{};
    20 resources ResourceRequirements`,
  PodTemplate: '1 metadata meta.ObjectMeta; 2 template PodTemplateSpec',
  PodTemplateSpec: '1 metadata meta.ObjectMeta; 2 spec PodSpec',
  ResourceHealth: '1 resourceID! string(ResourceID); 2 health string(ResourceHealthStatus)',
  ResourceStatus: '1 name! string(ResourceName); 2 resources ResourceHealth[] map(resourceID)',
  Sysctl: '1 name! string; 2 value! string',
  WorkloadReference: '1 name! string; 2 podGroup! string; 3 podGroupReplicaKey string',
}
