import type { KubeClient } from '../../kube/client.ts'
import type { Logger } from '../../runtime/logger.ts'
import type { EventRecorder } from '../event-recorder.ts'
import type { ImageCommand } from '../image-command.ts'
import type { PortYields } from '../port-yields.ts'
import type { ServiceAccounts } from '../service-accounts.ts'
import type { BackoffOptions } from './backoff.ts'
import type { ConfigWatch } from './config-watch.ts'
import type { FreePorts } from './free-ports.ts'
import type { ListeningSockets } from './listening-sockets.ts'
import type { PodAddresses } from './pod-addresses.ts'
import type { Reaper } from './reaper.ts'
import type { MachineResources } from './resource-field.ts'

/** What all pods of a run share. */
export interface RunnerContext {
  readonly client: KubeClient
  readonly events: EventRecorder
  readonly logger: Logger
  /** Microseconds since the epoch. */
  readonly now: () => number
  /** Marks all processes of the run. */
  readonly runId: string
  readonly reaper: Reaper
  /** Every pod has a folder in it. */
  readonly podsDir: string
  readonly helperDir?: string
  readonly resolveImage: (image: string) => ImageCommand | undefined
  /** Absent: pods get no tokens. */
  readonly serviceAccounts?: ServiceAccounts
  readonly configs: ConfigWatch
  readonly portYields: PortYields
  readonly machine: MachineResources
  readonly addresses: PodAddresses
  readonly freePorts: FreePorts
  /** Undefined where the system does not tell who listens. */
  readonly sockets: ListeningSockets | undefined
  readonly backoff: BackoffOptions
  /** Of this process. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly logBytes: number
  /** The pod and container of a process group, for people. */
  readonly groupOwners: Map<number, string>
}
