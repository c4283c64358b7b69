import type { Json } from '../../model/json.ts'
import { nearestText } from '../../model/nearest-text.ts'
import { defaultInstallValues, type InstallValues, type MeshIdentity } from './install-values.ts'
import { UNUSED_KEYS, VALUE_KEYS } from './value-keys.ts'
import { FLAG, readSetFlag, readValuesFile, type ValuesFile, type WrittenValue } from './written-values.ts'

export type InstallValuesOutcome =
  | {
      readonly values: InstallValues
      /** Sentences on what will surprise. */
      readonly warnings: readonly string[]
    }
  /** Sentences, at least one. */
  | { readonly problems: readonly string[] }

export interface ValueSources {
  /** Later ones win. */
  readonly files: readonly ValuesFile[]
  /** Of `--set`; they win over files, and later ones over earlier ones. */
  readonly flags: readonly string[]
}

/** Reads the values of `--set` flags; a later one wins, and `null` goes back to the default. */
export function valuesFromFlags(flags: readonly string[], mesh: MeshIdentity): InstallValuesOutcome {
  return valuesFromSources({ files: [], flags }, mesh)
}

/** Reads the values of files and flags; `null` goes back to the default. */
export function valuesFromSources(sources: ValueSources, mesh: MeshIdentity): InstallValuesOutcome {
  const remarks: Remarks = { problems: [], warnings: [] }
  const values = putValues(lastWritten(sources, remarks), defaultInstallValues(mesh), remarks)
  return remarks.problems.length === 0
    ? { values, warnings: [...remarks.warnings, ...surprises(values)] }
    : { problems: remarks.problems }
}

interface Remarks {
  readonly problems: string[]
  readonly warnings: string[]
}

type Written = ReadonlyMap<string, WrittenValue>

/** By key, for the keys that are acted on. */
function lastWritten(sources: ValueSources, { problems, warnings }: Remarks): Written {
  const written = new Map<string, WrittenValue>()
  const unused: Unused[] = []
  for (const assignment of readSources(sources, problems)) {
    const { key, value } = assignment
    const sort = sortOf(key, value)
    if (sort.status === 'problem') problems.push(`${placeOf(assignment)}${sort.problem}`)
    else if (sort.status === 'unused') unused.push({ written: assignment, root: sort.root })
    else if (value !== null) written.set(key, assignment)
    else for (const known of VALUE_KEYS.keys()) if (isWithin(known, key)) written.delete(known)
  }
  warnings.push(...unusedWarnings(unused))
  return written
}

interface Unused {
  readonly written: WrittenValue
  /** The key of osm-edge that it is within. */
  readonly root: string
}

/** One for each flag, but one for a whole file: a values.yaml of osm-edge has hundreds of such values. */
function unusedWarnings(unused: readonly Unused[]): readonly string[] {
  const byFile = new Map<string, Set<string>>()
  const ofFlags: string[] = []
  for (const { written, root } of unused) {
    if (written.source === FLAG) ofFlags.push(`${written.key} is a value of osm-edge that has no effect here`)
    else byFile.set(written.source, (byFile.get(written.source) ?? new Set()).add(root))
  }
  const ofFiles = [...byFile].map(
    ([file, roots]) => `${file}: values of osm-edge that have no effect here: ${[...roots].join(', ')}`,
  )
  return [...ofFiles, ...ofFlags]
}

function putValues(written: Written, defaults: InstallValues, { problems }: Remarks): InstallValues {
  let values = defaults
  for (const [key, assignment] of written) {
    const put = VALUE_KEYS.get(key)?.(values, assignment.value)
    if (put === undefined) continue
    if ('value' in put) values = put.value
    else
      problems.push(`${placeOf(assignment)}${key} ${put.problem}, but is ${JSON.stringify(assignment.value)}`)
  }
  return values
}

/** In the order in which they win, the last one most. */
function readSources({ files, flags }: ValueSources, problems: string[]): readonly WrittenValue[] {
  return [...files.map(readValuesFile), ...flags.map(readSetFlag)].flatMap(outcome => {
    if (outcome.status === 'read') return outcome.values
    problems.push(outcome.problem)
    return []
  })
}

/** Who wrote one flag knows where; who wrote files may not. */
function placeOf({ source }: WrittenValue): string {
  return source === FLAG ? '' : `${source}: `
}

type Sort =
  | { readonly status: 'used' }
  | { readonly status: 'unused'; readonly root: string }
  | { readonly status: 'problem'; readonly problem: string }

function sortOf(key: string, value: Json): Sort {
  if (VALUE_KEYS.has(key)) return { status: 'used' }
  const below = [...VALUE_KEYS.keys()].filter(known => isWithin(known, key))
  if (below.length > 0) {
    if (value === null) return { status: 'used' }
    return { status: 'problem', problem: `${key} holds several values: set ${below.join(', ')}` }
  }
  const root = UNUSED_KEYS.find(unused => isWithin(key, unused))
  if (root !== undefined) return { status: 'unused', root }
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
