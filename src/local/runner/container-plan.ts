import { messageOf } from '../../model/errors.ts'
import { containerEnvironment, type EnvironmentOptions } from './container-environment.ts'
import { expandVariables } from './variable-expansion.ts'

export interface ContainerPlan {
  readonly argv: readonly [string, ...string[]]
  readonly env: Readonly<Record<string, string>>
  /** Folders to run in, by preference; the first that exists. */
  readonly folders: readonly string[]
}

/** Why a container cannot be started, in Kubernetes' words. */
export interface Refusal {
  readonly refused: 'ErrImagePull' | 'CreateContainerConfigError'
  readonly message: string
}

/** What is run for a container. Its `command` and `args` replace those of the image, as in Kubernetes. */
export function planContainer(options: EnvironmentOptions): ContainerPlan | Refusal {
  const { container, image } = options
  const entry = container.command ?? image?.command
  if (entry === undefined) return { refused: 'ErrImagePull', message: unknownImage(container.image) }
  try {
    const env = containerEnvironment(options)
    const [program, ...args] = [...entry, ...(container.args ?? [])].map(text => expandVariables(text, env))
    if (program === undefined) return configError('the command is empty')
    const folders = [container.workingDir, image?.workingDir].filter(folder => folder !== undefined)
    return { argv: [program, ...args], env, folders }
  } catch (error) {
    return configError(messageOf(error))
  }
}

function configError(message: string): Refusal {
  return { refused: 'CreateContainerConfigError', message }
}

function unknownImage(image: string): string {
  const entry = JSON.stringify({ [image]: { command: ['node', 'app.js'] } })
  return (
    `image "${image}" has no command on this machine: nothing is pulled here. ` +
    `Give the container a "command", or add a line to the image table: ${entry}`
  )
}
