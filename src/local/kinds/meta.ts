import type { MessageGroup } from './message-text.ts'

/** The messages of meta/v1. */
export const META: MessageGroup = {
  group: '',
  version: 'v1',
  definitions: 'io.k8s.apimachinery.pkg.apis.meta.v1',
  listedKinds: [],
  otherKinds: ['Status'],
  messages: {
    Condition: `
      1 type! string; 2 status! string(ConditionStatus); 3 observedGeneration int64;
      4 lastTransitionTime! Time; 5 reason! string; 6 message! string`,
    CreateOptions: '1 dryRun string[]; 3 fieldManager string; 4 fieldValidation string',
    DeleteOptions: `
      1 gracePeriodSeconds? int64; 2 preconditions Preconditions; 3 orphanDependents? bool;
      4 propagationPolicy? string(DeletionPropagation); 5 dryRun string[];
      6 ignoreStoreReadErrorWithClusterBreakingPotential? bool`,
    FieldSelectorRequirement: '1 key! string; 2 operator! string(FieldSelectorOperator); 3 values string[]',
    LabelSelector: 'atomic; 1 matchLabels string{}; 2 matchExpressions LabelSelectorRequirement[]',
    LabelSelectorRequirement: '1 key! string; 2 operator! string(LabelSelectorOperator); 3 values string[]',
    ListMeta: '1 selfLink string; 2 resourceVersion string; 3 continue string; 4 remainingItemCount? int64',
    ManagedFieldsEntry: `
      1 manager string; 2 operation string(ManagedFieldsOperationType); 3 apiVersion string; 4 time? Time;
      6 fieldsType string; 7 fieldsV1? FieldsV1; 8 subresource string`,
    ObjectMeta: `
      1 name string; 2 generateName string; 3 namespace string; 4 selfLink string; 5 uid string(UID);
      6 resourceVersion string; 7 generation int64; 8 creationTimestamp Time; 9 deletionTimestamp? Time;
      10 deletionGracePeriodSeconds? int64; 11 labels string{}; 12 annotations string{};
      13 ownerReferences OwnerReference[] map(uid) merge(uid); 14 finalizers string[] set merge;
      17 managedFields ManagedFieldsEntry[]`,
    OwnerReference: `
      atomic; 1 kind! string; 3 name! string; 4 uid! string(UID); 5 apiVersion! string; 6 controller? bool;
      7 blockOwnerDeletion? bool`,
    PatchOptions: '1 dryRun string[]; 2 force? bool; 3 fieldManager string; 4 fieldValidation string',
    Preconditions: '1 uid? string(UID); 2 resourceVersion? string',
    Status: `
      1 metadata ListMeta; 2 status string; 3 message string; 4 reason string(StatusReason);
      5 details StatusDetails; 6 code int32`,
    StatusCause: '1 reason string(CauseType); 2 message string; 3 field string',
    StatusDetails: `
      1 name string; 2 group string; 3 kind string; 4 causes StatusCause[]; 5 retryAfterSeconds int32;
      6 uid string(UID)`,
    UpdateOptions: '1 dryRun string[]; 2 fieldManager string; 3 fieldValidation string',
  },
}
