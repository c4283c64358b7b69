import { parseArgs } from 'node:util'

export type Environment = Readonly<Record<string, string | undefined>>

/** Where a program listens. Without a host it listens on all interfaces; port 0 takes a free one. */
export interface Listening {
  readonly host: string | undefined
  readonly port: number
}

/** The two flags that the original programs know. */
export interface Flags {
  readonly port: string | undefined
  readonly ident: string | undefined
}

/** An empty value counts as absent: manifests made from shell templates leave such ones behind. */
export const textOf = (env: Environment, name: string, fallback: string): string => env[name] || fallback

/** A number of at least 0, decimals allowed. Anything else throws: a typing error must not pass as a default. */
export const numberOf = (env: Environment, name: string, fallback: number): number => {
  const text = env[name]
  if (!text) return fallback
  const value = Number(text)
  if (Number.isFinite(value) && value >= 0) return value
  throw new Error(`${name} is ${JSON.stringify(text)}; expected a number of at least 0`)
}

export const integerOf = (env: Environment, name: string, fallback: number): number => {
  const value = numberOf(env, name, fallback)
  if (Number.isSafeInteger(value)) return value
  throw new Error(`${name} is ${value}; expected an integer`)
}

export const flagsOf = (args: readonly string[]): Flags => {
  const { values } = parseArgs({
    args: [...args],
    options: { port: { type: 'string' }, ident: { type: 'string' } },
  })
  return { port: values.port, ident: values.ident }
}

export const listeningOf = (env: Environment, flags: Flags): Listening => {
  const [name, text] = flags.port === undefined ? ['PORT', env['PORT']] : ['--port', flags.port]
  if (!text) throw new Error(`${name} is empty; set it to the port to listen on, 0 for a free one`)
  const port = integerOf({ [name]: text }, name, 0)
  if (port > 65_535) throw new Error(`port ${port} does not exist; the highest is 65535`)
  return { host: env['HOST'] || undefined, port }
}

/** The environment wins over the flag here, as in the original. */
export const identityOf = (env: Environment, flags: Flags): string =>
  textOf(env, 'IDENTITY', flags.ident ?? 'unidentified')
