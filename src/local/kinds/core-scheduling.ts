import type { MessageTexts } from './message-text.ts'

/** Where pods go, of core/v1. */
export const CORE_SCHEDULING_MESSAGES: MessageTexts = {
  Affinity: '1 nodeAffinity NodeAffinity; 2 podAffinity PodAffinity; 3 podAntiAffinity PodAntiAffinity',
  NodeAffinity: `
    1 requiredDuringSchedulingIgnoredDuringExecution NodeSelector;
    2 preferredDuringSchedulingIgnoredDuringExecution PreferredSchedulingTerm[]`,
  NodeSelector: 'atomic; 1 nodeSelectorTerms! NodeSelectorTerm[]',
  NodeSelectorRequirement: '1 key! string; 2 operator! string(NodeSelectorOperator); 3 values string[]',
  NodeSelectorTerm: `
    atomic; 1 matchExpressions NodeSelectorRequirement[]; 2 matchFields NodeSelectorRequirement[]`,
  PodAffinity: `
    1 requiredDuringSchedulingIgnoredDuringExecution PodAffinityTerm[];
    2 preferredDuringSchedulingIgnoredDuringExecution WeightedPodAffinityTerm[]`,
  PodAffinityTerm: `
    1 labelSelector meta.LabelSelector; 2 namespaces string[]; 3 topologyKey! string;
    4 namespaceSelector meta.LabelSelector; 5 matchLabelKeys string[]; 6 mismatchLabelKeys string[]`,
  PodAntiAffinity: `
    1 requiredDuringSchedulingIgnoredDuringExecution PodAffinityTerm[];
    2 preferredDuringSchedulingIgnoredDuringExecution WeightedPodAffinityTerm[]`,
  PreferredSchedulingTerm: '1 weight! int32; 2 preference! NodeSelectorTerm',
  Toleration: `
    1 key string; 2 operator string(TolerationOperator); 3 value string; 4 effect string(TaintEffect);
    5 tolerationSeconds? int64`,
  TopologySpreadConstraint: `
    1 maxSkew! int32; 2 topologyKey! string; 3 whenUnsatisfiable! string(UnsatisfiableConstraintAction);
    4 labelSelector meta.LabelSelector; 5 minDomains? int32;
    6 nodeAffinityPolicy? string(NodeInclusionPolicy); 7 nodeTaintsPolicy? string(NodeInclusionPolicy);
    8 matchLabelKeys string[]`,
  WeightedPodAffinityTerm: '1 weight! int32; 2 podAffinityTerm! PodAffinityTerm',
}
