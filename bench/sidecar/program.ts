import { messageOf } from '../../src/model/errors.ts'
import { Ground } from './ground.ts'
import { leaveMeasuredCore, obstacle } from './machine.ts'

export interface Program<Options> {
  readonly help: string
  /** Undefined: help is asked for. Throws with a sentence when the arguments cannot be understood. */
  readonly read: (args: readonly string[]) => Options | undefined
  readonly run: (ground: Ground, options: Options) => Promise<void>
}

/** Takes away all that was started, however it ends. */
export async function runProgram<Options>({ help, read, run }: Program<Options>): Promise<never> {
  const options = understood(read, help)
  const hindrance = obstacle()
  if (hindrance !== undefined) {
    console.log(`skipped: ${hindrance}`)
    process.exit(0)
  }
  leaveMeasuredCore()
  const ground = new Ground()
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => void ground.clear().finally(() => process.exit(1)))
  }
  try {
    await run(ground, options)
    process.exitCode = 0
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
  await ground.clear()
  process.exit()
}

function understood<Options>(read: Program<Options>['read'], help: string): Options {
  try {
    const options = read(process.argv.slice(2))
    if (options !== undefined) return options
    console.log(help)
    process.exit(0)
  } catch (error) {
    console.error(messageOf(error))
    process.exit(2)
  }
}
