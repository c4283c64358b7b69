import type { MessageGroup } from './message-text.ts'

/** The messages of policy/v1. */
export const POLICY: MessageGroup = {
  group: 'policy',
  version: 'v1',
  definitions: 'io.k8s.api.policy.v1',
  listedKinds: ['PodDisruptionBudget'],
  otherKinds: ['Eviction'],
  messages: {
    Eviction: '1 metadata meta.ObjectMeta; 2 deleteOptions meta.DeleteOptions',
    PodDisruptionBudget: `
      1 metadata meta.ObjectMeta; 2 spec PodDisruptionBudgetSpec; 3 status PodDisruptionBudgetStatus`,
    PodDisruptionBudgetSpec: `
      1 minAvailable? IntOrString; 2 selector meta.LabelSelector replace; 3 maxUnavailable? IntOrString;
      4 unhealthyPodEvictionPolicy? string(UnhealthyPodEvictionPolicyType)`,
    PodDisruptionBudgetStatus: `
      1 observedGeneration int64; 2 disruptedPods Time{}; 3 disruptionsAllowed! int32;
      4 currentHealthy! int32; 5 desiredHealthy! int32; 6 expectedPods! int32;
      7 conditions meta.Condition[] map(type) merge(type)`,
  },
}
