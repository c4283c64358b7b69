import { IMAGE_COMMANDS_ANNOTATION } from '../../mesh/well-known-names.ts'
import { isJsonObject } from '../../model/json.ts'
import type { Container, Pod } from '../../model/kubernetes-pod.ts'
import type { ImageCommand } from '../image-command.ts'

export interface ImageLookup {
  readonly container: Container
  readonly pod: Pod
  readonly resolveImage: (image: string) => ImageCommand | undefined
}

/**
 * What is run in the place of an image: what the machine knows, else what the pod's annotation says of the container
 * or of the image. Undefined where neither does, and where the annotation cannot be read.
 */
export function imageOf({ container, pod, resolveImage }: ImageLookup): ImageCommand | undefined {
  const known = resolveImage(container.image)
  if (known !== undefined) return known
  const commands = parseCommands(pod.metadata.annotations?.[IMAGE_COMMANDS_ANNOTATION])
  return commands.get(container.name) ?? commands.get(container.image)
}

function parseCommands(text: string | undefined): ReadonlyMap<string, ImageCommand> {
  const commands = new Map<string, ImageCommand>()
  for (const [name, entry] of Object.entries(parseObject(text))) {
    const command = parseCommand(entry)
    if (command !== undefined) commands.set(name, command)
  }
  return commands
}

function parseObject(text = '{}'): object {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : {}
  } catch {
    return {}
  }
}

function parseCommand(entry: unknown): ImageCommand | undefined {
  if (!isJsonObject(entry)) return undefined
  const { command, env = {}, workingDir } = entry
  if (!isTexts(command) || command.length === 0 || !isJsonObject(env)) return undefined
  const variables = Object.entries(env)
  if (!variables.every((pair): pair is [string, string] => typeof pair[1] === 'string')) return undefined
  return {
    command,
    env: Object.fromEntries(variables),
    ...(typeof workingDir === 'string' ? { workingDir } : {}),
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(part => typeof part === 'string')
}
