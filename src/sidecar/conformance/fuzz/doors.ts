import { booksOn, type Rig, startRig } from '../../testing/rig.ts'

/** A way into a sidecar, and whether it writes headers of its own on the way. */
export interface Door {
  readonly name: string
  readonly direction: 'outbound' | 'inbound'
  readonly traced: boolean
}

export const DOORS: readonly Door[] = [false, true].flatMap(traced =>
  (['outbound', 'inbound'] as const).map(direction => ({
    name: `${direction}, ${traced ? 'traced' : 'untraced'}`,
    direction,
    traced,
  })),
)

export interface Doors {
  portOf(door: Door): number
  /** What went wrong inside. */
  errors(): readonly string[]
  stop(): Promise<void>
}

/** Longer than any test waits: no end is owed to a timeout. */
const UNHEARD_MILLIS = 60_000

/** Sidecars that lead to the app. */
export async function openDoors(appPort: number): Promise<Doors> {
  const inbound = { '9001': { appPort } }
  const options = { ...booksOn(appPort), inbound, timeoutMillis: UNHEARD_MILLIS }
  const plain = await startRig({ ...options, tracing: false })
  const tracing = await startRig(options)
  const rigOf = ({ traced }: Pick<Door, 'traced'>): Rig => (traced ? tracing : plain)
  return {
    portOf: door => rigOf(door)[door.direction],
    errors: () => [...plain.logs, ...tracing.logs].filter(line => line.includes('"error"')),
    async stop() {
      await Promise.all([plain.stop(), tracing.stop()])
    },
  }
}
