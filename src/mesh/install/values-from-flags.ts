import { nearestText } from '../../model/nearest-text.ts'
import { defaultInstallValues, type InstallValues, type MeshIdentity } from './install-values.ts'
import { type Assignment, parseSetFlag, printSetPath, type SetValue } from './set-flag.ts'
import { UNUSED_KEYS, VALUE_KEYS } from './value-keys.ts'

export type InstallValuesOutcome =
  | {
      readonly values: InstallValues
      /** Sentences on what will surprise. */
      readonly warnings: readonly string[]
    }
  /** Sentences, at least one. */
  | { readonly problems: readonly string[] }

/** Reads the values of `--set` flags; a later one wins, and `null` goes back to the default. */
export function valuesFromFlags(flags: readonly string[], mesh: MeshIdentity): InstallValuesOutcome {
  const remarks: Remarks = { problems: [], warnings: [] }
  const values = putValues(lastWritten(flags, remarks), defaultInstallValues(mesh), remarks)
  return remarks.problems.length === 0
    ? { values, warnings: [...remarks.warnings, ...surprises(values)] }
    : { problems: remarks.problems }
}

interface Remarks {
  readonly problems: string[]
  readonly warnings: string[]
}

type Written = ReadonlyMap<string, SetValue>

/** By key, for the keys that are acted on. */
function lastWritten(flags: readonly string[], { problems, warnings }: Remarks): Written {
  const written = new Map<string, SetValue>()
  for (const { path, value } of assignmentsOf(flags, problems)) {
    const key = printSetPath(path)
    const sort = sortOf(key, value)
    if (sort.status === 'problem') problems.push(sort.problem)
    else if (sort.status === 'unused') warnings.push(sort.warning)
    else if (value !== null) written.set(key, value)
    else for (const known of VALUE_KEYS.keys()) if (isWithin(known, key)) written.delete(known)
  }
  return written
}

function putValues(written: Written, defaults: InstallValues, { problems }: Remarks): InstallValues {
  let values = defaults
  for (const [key, value] of written) {
    const put = VALUE_KEYS.get(key)?.(values, value)
    if (put === undefined) continue
    if ('value' in put) values = put.value
    else problems.push(`${key} ${put.problem}, but is ${JSON.stringify(value)}`)
  }
  return values
}

function assignmentsOf(flags: readonly string[], problems: string[]): readonly Assignment[] {
  return flags.flatMap(flag => {
    const outcome = parseSetFlag(flag)
    if ('assignments' in outcome) return outcome.assignments
    problems.push(`invalid format for --set: ${outcome.problem}`)
    return []
  })
}

type Sort =
  | { readonly status: 'used' }
  | { readonly status: 'unused'; readonly warning: string }
  | { readonly status: 'problem'; readonly problem: string }

function sortOf(key: string, value: SetValue): Sort {
  if (VALUE_KEYS.has(key)) return { status: 'used' }
  const below = [...VALUE_KEYS.keys()].filter(known => isWithin(known, key))
  if (below.length > 0) {
    if (value === null) return { status: 'used' }
    return { status: 'problem', problem: `${key} holds several values: set ${below.join(', ')}` }
  }
  if (UNUSED_KEYS.some(unused => isWithin(key, unused)))
    return { status: 'unused', warning: `${key} is a value of osm-edge that has no effect here` }
  const near = nearestKey(key)
  const advice = near === undefined ? 'none is like it' : `did you mean ${near}?`
  return { status: 'problem', problem: `${key} is no value of the mesh; ${advice}` }
}

function isWithin(key: string, whole: string): boolean {
  return key === whole || key.startsWith(`${whole}.`) || key.startsWith(`${whole}[`)
}

/** Most mistakes are a missing prefix or a letter. */
function nearestKey(key: string): string | undefined {
  const full = key.startsWith('osm.') ? key : `osm.${key}`
  return nearestText(full, [...VALUE_KEYS.keys(), ...UNUSED_KEYS])
}

function surprises({ deployJaeger, tracing }: InstallValues): readonly string[] {
  if (deployJaeger && !tracing.enable)
    return [
      'Jaeger is deployed, but no sidecar sends to it: tracing is off (osm.tracing.enable=true switches it on)',
    ]
  if (tracing.enable && !deployJaeger && tracing.address === '')
    return [
      'tracing is on, but no Jaeger is deployed and no address is given: set osm.deployJaeger=true or osm.tracing.address',
    ]
  return []
}
