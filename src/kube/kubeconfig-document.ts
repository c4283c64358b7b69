import { LineCounter, parseDocument } from 'yaml'
import { messageOf } from '../model/errors.ts'
import { badKubeConfig, ConfigFields } from './kubeconfig-fields.ts'

/** Entries by name. What an entry says is read only when it is used, as kubectl does. */
export interface KubeConfigDocument {
  readonly currentContext: string | undefined
  readonly clusters: ReadonlyMap<string, ConfigFields>
  readonly users: ReadonlyMap<string, ConfigFields>
  readonly contexts: ReadonlyMap<string, ConfigFields>
}

/**
 * Reads a kubeconfig of YAML or JSON (kubernetes.io/docs/reference/config-api/kubeconfig.v1). An empty file is an
 * empty document. Throws `KISEKI_BAD_KUBECONFIG` with file, line and column, or file and field.
 */
export function parseKubeConfig(file: string, text: string): KubeConfigDocument {
  const root = new ConfigFields(file, '', parseYaml(file, text) ?? {})
  for (const [field, wanted] of [
    ['apiVersion', 'v1'],
    ['kind', 'Config'],
  ] as const) {
    const value = root.text(field) ?? wanted
    if (value !== wanted) throw root.refuse(field, `must be "${wanted}", not "${value}"`)
  }
  return {
    currentContext: root.text('current-context'),
    clusters: namedEntries(root, 'clusters', 'cluster'),
    users: namedEntries(root, 'users', 'user'),
    contexts: namedEntries(root, 'contexts', 'context'),
  }
}

/**
 * Several files as one, by the rules of client-go: the first file that has a name gives the whole entry of that
 * name, and the first `current-context` counts.
 */
export function mergeKubeConfigs(documents: readonly KubeConfigDocument[]): KubeConfigDocument {
  // Later entries of a Map win, so the files are laid down from the last to the first.
  const laidDown = [...documents].reverse()
  return {
    currentContext: documents.find(({ currentContext }) => currentContext !== undefined)?.currentContext,
    clusters: new Map(laidDown.flatMap(({ clusters }) => [...clusters])),
    users: new Map(laidDown.flatMap(({ users }) => [...users])),
    contexts: new Map(laidDown.flatMap(({ contexts }) => [...contexts])),
  }
}

function parseYaml(file: string, text: string): unknown {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' })
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0])
    throw badKubeConfig(`${file}:${line}:${col}`, '', error.message)
  }
  try {
    return document.toJS()
  } catch (thrown) {
    // Aliases of aliases: the parser refuses to unfold them without end.
    throw badKubeConfig(file, '', messageOf(thrown), thrown)
  }
}

function namedEntries(root: ConfigFields, list: string, entry: string): ReadonlyMap<string, ConfigFields> {
  const named = new Map<string, ConfigFields>()
  for (const item of root.fieldsList(list)) {
    const name = item.requiredText('name')
    if (named.has(name)) throw item.refuse('name', `duplicate name "${name}" in list`)
    named.set(name, item.fields(entry) ?? new ConfigFields(item.file, `${item.place}.${entry}`, {}))
  }
  return named
}
