/**
 * Why a sidecar gave spans up.
 * `queue-full`: more were recorded than could be sent. `refused`: the collector answered 4xx.
 * `unreachable`, `unavailable`: no connection, or 5xx and 429, for longer than is retried.
 * `repointed`, `disabled`, `stopped`: not sent in the time given after tracing led elsewhere, ended, or the sidecar did.
 */
export type DropReason =
  | 'queue-full'
  | 'refused'
  | 'unreachable'
  | 'unavailable'
  | 'repointed'
  | 'disabled'
  | 'stopped'

export const DROP_REASONS: readonly DropReason[] = [
  'queue-full',
  'refused',
  'unreachable',
  'unavailable',
  'repointed',
  'disabled',
  'stopped',
]
