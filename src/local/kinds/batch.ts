import type { MessageGroup } from './message-text.ts'

/** The messages of batch/v1. */
export const BATCH: MessageGroup = {
  group: 'batch',
  version: 'v1',
  definitions: 'io.k8s.api.batch.v1',
  listedKinds: ['CronJob', 'Job'],
  otherKinds: [],
  messages: {
    CronJob: '1 metadata meta.ObjectMeta; 2 spec CronJobSpec; 3 status CronJobStatus',
    CronJobSpec: `
      1 schedule! string; 2 startingDeadlineSeconds? int64; 3 concurrencyPolicy string(ConcurrencyPolicy);
      4 suspend? bool; 5 jobTemplate! JobTemplateSpec; 6 successfulJobsHistoryLimit? int32;
      7 failedJobsHistoryLimit? int32; 8 timeZone? string`,
    CronJobStatus: '1 active core.ObjectReference[]; 4 lastScheduleTime? Time; 5 lastSuccessfulTime? Time',
    Job: '1 metadata meta.ObjectMeta; 2 spec JobSpec; 3 status JobStatus',
    JobCondition: `
      1 type! string(JobConditionType); 2 status! string(ConditionStatus); 3 lastProbeTime Time;
      4 lastTransitionTime Time; 5 reason string; 6 message string`,
    JobSpec: `
      1 parallelism? int32; 2 completions? int32; 3 activeDeadlineSeconds? int64;
      4 selector meta.LabelSelector; 5 manualSelector? bool; 6 template! core.PodTemplateSpec;
      7 backoffLimit? int32; 8 ttlSecondsAfterFinished? int32; 9 completionMode? string(CompletionMode);
      10 suspend? bool; 11 podFailurePolicy PodFailurePolicy; 12 backoffLimitPerIndex? int32;
      13 maxFailedIndexes? int32; 14 podReplacementPolicy? string(PodReplacementPolicy); 15 managedBy? string;
      16 successPolicy SuccessPolicy`,
    JobStatus: `
      1 conditions JobCondition[] merge(type); 2 startTime? Time; 3 completionTime? Time; 4 active int32;
      5 succeeded int32; 6 failed int32; 7 completedIndexes string;
      8 uncountedTerminatedPods UncountedTerminatedPods; 9 ready? int32; 10 failedIndexes? string;
      11 terminating? int32`,
    JobTemplateSpec: '1 metadata meta.ObjectMeta; 2 spec JobSpec',
    PodFailurePolicy: '1 rules! PodFailurePolicyRule[]',
    PodFailurePolicyOnExitCodesRequirement: `
      1 containerName? string; 2 operator! string(PodFailurePolicyOnExitCodesOperator); 3 values! int32[] set`,
    PodFailurePolicyOnPodConditionsPattern: `
      1 type! string(PodConditionType); 2 status? string(ConditionStatus)`,
    PodFailurePolicyRule: `
      1 action! string(PodFailurePolicyAction); 2 onExitCodes PodFailurePolicyOnExitCodesRequirement;
      3 onPodConditions PodFailurePolicyOnPodConditionsPattern[]`,
    SuccessPolicy: '1 rules! SuccessPolicyRule[]',
    SuccessPolicyRule: '1 succeededIndexes? string; 2 succeededCount? int32',
    UncountedTerminatedPods: '1 succeeded string(UID)[] set; 2 failed string(UID)[] set',
  },
}
