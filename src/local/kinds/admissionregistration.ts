import type { MessageGroup } from './message-text.ts'

/** The messages of admissionregistration.k8s.io/v1. */
export const ADMISSIONREGISTRATION: MessageGroup = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  definitions: 'io.k8s.api.admissionregistration.v1',
  listedKinds: ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
  otherKinds: [],
  messages: {
    MatchCondition: '1 name! string; 2 expression! string',
    MutatingWebhook: `
      1 name! string; 2 clientConfig! WebhookClientConfig; 3 rules RuleWithOperations[];
      4 failurePolicy? string(FailurePolicyType); 5 namespaceSelector meta.LabelSelector;
      6 sideEffects! string(SideEffectClass); 7 timeoutSeconds? int32; 8 admissionReviewVersions! string[];
      9 matchPolicy? string(MatchPolicyType); 10 reinvocationPolicy? string(ReinvocationPolicyType);
      11 objectSelector meta.LabelSelector; 12 matchConditions MatchCondition[] map(name) merge(name)`,
    MutatingWebhookConfiguration: `
      1 metadata meta.ObjectMeta; 2 webhooks MutatingWebhook[] map(name) merge(name)`,
    Rule: '1 apiGroups string[]; 2 apiVersions string[]; 3 resources string[]; 4 scope? string(ScopeType)',
    RuleWithOperations: '1 operations string(OperationType)[]; 2 ... Rule',
    ServiceReference: '1 namespace! string; 2 name! string; 3 path? string; 4 port? int32',
    ValidatingWebhook: `
      1 name! string; 2 clientConfig! WebhookClientConfig; 3 rules RuleWithOperations[];
      4 failurePolicy? string(FailurePolicyType); 5 namespaceSelector meta.LabelSelector;
      6 sideEffects! string(SideEffectClass); 7 timeoutSeconds? int32; 8 admissionReviewVersions! string[];
      9 matchPolicy? string(MatchPolicyType); 10 objectSelector meta.LabelSelector;
      11 matchConditions MatchCondition[] map(name) merge(name)`,
    ValidatingWebhookConfiguration: `
      1 metadata meta.ObjectMeta; 2 webhooks ValidatingWebhook[] map(name) merge(name)`,
    WebhookClientConfig: '1 service ServiceReference; 2 caBundle bytes; 3 url? string',
  },
}
