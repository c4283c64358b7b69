/** `path` as kubectl prints it: `spec.observability.tracing.port`. `message` says what the field takes. */
export interface ConfigProblem {
  readonly path: string
  readonly message: string
}

export type Checked<T> = { readonly value: T } | { readonly problem: string }
export type Check<T> = (value: unknown) => Checked<T>

/** An object of a written configuration that is read field by field. What is wrong is collected, not thrown. */
export interface Section {
  /** Absent and null give the fallback, and so does a value that is refused. */
  field<T>(name: string, fallback: T, check: Check<T>): T
  section(name: string): Section
}

/** `problems` takes what is found wrong. */
export function readSection(value: unknown, path: string, problems: ConfigProblem[]): Section {
  const fields = objectOf(value)
  if (fields === undefined) problems.push({ path, message: `must be an object, but is ${show(value)}` })
  return {
    field(name, fallback, check) {
      const written = fields?.[name]
      if (written === undefined || written === null) return fallback
      const checked = check(written)
      if ('value' in checked) return checked.value
      problems.push({ path: `${path}.${name}`, message: `${checked.problem}, but is ${show(written)}` })
      return fallback
    },
    section: name => readSection(fields?.[name], `${path}.${name}`, problems),
  }
}

/** Absent is an object without fields. */
function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (value === undefined || value === null) return {}
  return typeof value === 'object' && !Array.isArray(value) ? { ...value } : undefined
}

const SHOWN_CHARACTERS = 80

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
}
