import { KisekiError } from '../model/errors.ts'
import { isJsonObject } from '../model/json.ts'

/** `place` is a path in the file: `clusters[0].cluster.server`; empty for the file as a whole. */
export function badKubeConfig(file: string, place: string, problem: string, cause?: unknown): KisekiError {
  const where = place === '' ? file : `${file}: ${place}`
  return new KisekiError(
    'KISEKI_BAD_KUBECONFIG',
    `${where}: ${problem}`,
    cause === undefined ? {} : { cause },
  )
}

/**
 * A mapping of a kubeconfig, read strictly: what is there must be of its type. As in client-go, fields that are
 * not known are passed over, and null and the empty text are the same as absent.
 */
export class ConfigFields {
  readonly file: string
  readonly place: string
  readonly #values: ReadonlyMap<string, unknown>

  constructor(file: string, place: string, value: unknown) {
    this.file = file
    this.place = place
    if (!isJsonObject(value)) throw badKubeConfig(file, place, 'must be a mapping')
    this.#values = new Map(Object.entries(value))
  }

  text(name: string): string | undefined {
    const value = this.#value(name)
    if (value === undefined || value === '') return undefined
    if (typeof value !== 'string')
      throw this.refuse(name, 'must be a text (in quotes, if it looks otherwise)')
    return value
  }

  requiredText(name: string): string {
    const value = this.text(name)
    if (value === undefined) throw this.refuse(name, 'is required')
    return value
  }

  flag(name: string): boolean {
    const value = this.#value(name) ?? false
    if (typeof value !== 'boolean') throw this.refuse(name, 'must be true or false')
    return value
  }

  texts(name: string): readonly string[] {
    return this.#list(name).map((value, index) => {
      if (typeof value !== 'string') throw this.refuse(`${name}[${index}]`, 'must be a text')
      return value
    })
  }

  fields(name: string): ConfigFields | undefined {
    const value = this.#value(name)
    return value === undefined ? undefined : new ConfigFields(this.file, this.#at(name), value)
  }

  fieldsList(name: string): readonly ConfigFields[] {
    return this.#list(name).map(
      (value, index) => new ConfigFields(this.file, this.#at(`${name}[${index}]`), value),
    )
  }

  has(name: string): boolean {
    return this.#value(name) !== undefined
  }

  /** An error that names the place. */
  refuse(name: string, problem: string, cause?: unknown): KisekiError {
    return badKubeConfig(this.file, this.#at(name), problem, cause)
  }

  #list(name: string): readonly unknown[] {
    const value = this.#value(name) ?? []
    if (!Array.isArray(value)) throw this.refuse(name, 'must be a list')
    return value
  }

  #value(name: string): unknown {
    return this.#values.get(name) ?? undefined
  }

  #at(name: string): string {
    return this.place === '' ? name : `${this.place}.${name}`
  }
}
