import type { MessageTexts } from './message-text.ts'

/** Events of core/v1. */
export const CORE_EVENT_MESSAGES: MessageTexts = {
  Event: `
    1 metadata! meta.ObjectMeta; 2 involvedObject! ObjectReference; 3 reason string; 4 message string;
    5 source EventSource; 6 firstTimestamp Time; 7 lastTimestamp Time; 8 count int32; 9 type string;
    10 eventTime MicroTime; 11 series EventSeries; 12 action string; 13 related ObjectReference;
    14 reportingComponent? string; 15 reportingInstance? string`,
  EventSeries: '1 count int32; 2 lastObservedTime MicroTime',
  EventSource: '1 component string; 2 host string',
}
