import type { MessageTexts } from './message-text.ts'

/** Claims for volumes, of core/v1. */
export const CORE_CLAIM_MESSAGES: MessageTexts = {
  ModifyVolumeStatus: `
    1 targetVolumeAttributesClassName string; 2 status! string(PersistentVolumeClaimModifyVolumeStatus)`,
  PersistentVolumeClaim: `
    1 metadata meta.ObjectMeta; 2 spec PersistentVolumeClaimSpec; 3 status PersistentVolumeClaimStatus`,
  PersistentVolumeClaimCondition: `
    1 type! string(PersistentVolumeClaimConditionType); 2 status! string(ConditionStatus);
    3 lastProbeTime Time; 4 lastTransitionTime Time; 5 reason string; 6 message string`,
  PersistentVolumeClaimSpec: `
    1 accessModes string(PersistentVolumeAccessMode)[]; 2 resources VolumeResourceRequirements;
    3 volumeName string; 4 selector meta.LabelSelector; 5 storageClassName? string;
    6 volumeMode? string(PersistentVolumeMode); 7 dataSource TypedLocalObjectReference;
    8 dataSourceRef TypedObjectReference; 9 volumeAttributesClassName? string`,
  PersistentVolumeClaimStatus: `
    1 phase string(PersistentVolumeClaimPhase); 2 accessModes string(PersistentVolumeAccessMode)[];
    3 capacity Quantity{}; 4 conditions PersistentVolumeClaimCondition[] map(type) merge(type);
    5 allocatedResources Quantity{}; 7 allocatedResourceStatuses string(ClaimResourceStatus){};
    8 currentVolumeAttributesClassName? string; 9 modifyVolumeStatus ModifyVolumeStatus`,
  PersistentVolumeClaimTemplate: '1 metadata meta.ObjectMeta; 2 spec! PersistentVolumeClaimSpec',
  TypedObjectReference: '1 apiGroup? string; 2 kind! string; 3 name! string; 4 namespace? string',
  VolumeResourceRequirements: '1 limits Quantity{}; 2 requests Quantity{}',
}
