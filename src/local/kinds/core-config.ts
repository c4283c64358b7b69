import type { MessageTexts } from './message-text.ts'

/** Namespaces, ConfigMaps, Secrets and other small kinds of core/v1, and what many messages refer to. */
export const CORE_CONFIG_MESSAGES: MessageTexts = {
  ConfigMap: '1 metadata meta.ObjectMeta; 2 data string{}; 3 binaryData bytes{}; 4 immutable? bool',
  LimitRange: '1 metadata meta.ObjectMeta; 2 spec LimitRangeSpec',
  LimitRangeItem: `
    1 type! string(LimitType); 2 max Quantity{}; 3 min Quantity{}; 4 default Quantity{};
    5 defaultRequest Quantity{}; 6 maxLimitRequestRatio Quantity{}`,
  LimitRangeSpec: '1 limits! LimitRangeItem[]',
  LocalObjectReference: 'atomic; 1 name string',
  Namespace: '1 metadata meta.ObjectMeta; 2 spec NamespaceSpec; 3 status NamespaceStatus',
  NamespaceCondition: `
    1 type! string(NamespaceConditionType); 2 status! string(ConditionStatus); 4 lastTransitionTime Time;
    5 reason string; 6 message string`,
  NamespaceSpec: '1 finalizers string(FinalizerName)[]',
  NamespaceStatus: '1 phase string(NamespacePhase); 2 conditions NamespaceCondition[] map(type) merge(type)',
  ObjectReference: `
    atomic; 1 kind string; 2 namespace string; 3 name string; 4 uid string(UID); 5 apiVersion string;
    6 resourceVersion string; 7 fieldPath string`,
  ResourceQuota: '1 metadata meta.ObjectMeta; 2 spec ResourceQuotaSpec; 3 status ResourceQuotaStatus',
  ResourceQuotaSpec: `
    1 hard Quantity{}; 2 scopes string(ResourceQuotaScope)[]; 3 scopeSelector ScopeSelector`,
  ResourceQuotaStatus: '1 hard Quantity{}; 2 used Quantity{}',
  ScopeSelector: 'atomic; 1 matchExpressions ScopedResourceSelectorRequirement[]',
  ScopedResourceSelectorRequirement: `
    1 scopeName! string(ResourceQuotaScope); 2 operator! string(ScopeSelectorOperator); 3 values string[]`,
  Secret: `
    1 metadata meta.ObjectMeta; 2 data bytes{}; 3 type string(SecretType); 4 stringData string{};
    5 immutable? bool`,
  ServiceAccount: `
    1 metadata meta.ObjectMeta; 2 secrets ObjectReference[] map(name) merge(name);
    3 imagePullSecrets LocalObjectReference[]; 4 automountServiceAccountToken? bool`,
  TypedLocalObjectReference: 'atomic; 1 apiGroup? string; 2 kind! string; 3 name! string',
}
