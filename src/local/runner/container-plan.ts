import { IMAGE_COMMANDS_ANNOTATION } from '../../mesh/well-known-names.ts'
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
  const { container, image, mounted = text => text } = options
  const entry = container.command ?? image?.command
  if (entry === undefined) return { refused: 'ErrImagePull', message: unknownImage(container.image) }
  try {
    const env = containerEnvironment(options)
    const variables = new Map(Object.entries(env))
    const expanded = (texts: readonly string[] = []) => texts.map(text => expandVariables(text, variables))
    // Commands of images name files of this machine.
    const written = expanded(container.command).map(mounted)
    const entered = container.command === undefined ? expanded(entry) : written
    const [program, ...args] = [...entered, ...expanded(container.args).map(mounted)]
    if (program === undefined) return configError('the command is empty')
    const workingDir = container.workingDir && mounted(container.workingDir)
    const folders = [workingDir, image?.workingDir].filter(folder => folder !== undefined)
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
    `image "${image}" has no command on this machine: nothing is pulled here. Give the container a "command", ` +
    `or say what to run in the annotation ${IMAGE_COMMANDS_ANNOTATION} of its pod, or in the image table: ${entry}`
  )
}
