import type { KubeFailure } from '../../kube/kube-failure.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { HttpRequest } from '../../runtime/http-exchange.ts'
import type { UserInfo, WriteContext } from '../api/write-context.ts'
import type { Removal } from '../store/removal.ts'
import { invalidObject } from '../store/store-errors.ts'

/** How a write is to be done, by its query (meta/v1 CreateOptions, UpdateOptions, PatchOptions). */
export function writeContext(
  { query, headers, method }: HttpRequest,
  user: UserInfo,
  warn: WriteContext['warn'],
): WriteContext {
  const kind = OPTIONS_OF[method] ?? 'DeleteOptions'
  return {
    user,
    warn,
    trusted: false,
    manager: query.get('fieldManager') || managerOf(headers['user-agent'] ?? ''),
    dryRun: readDryRun(query.getAll('dryRun'), kind),
    validation: readValidation(query.get('fieldValidation') ?? '', kind),
  }
}

/** `kubectl` of `kubectl/v1.35.2 (linux/amd64)`. */
function managerOf(userAgent: string): string {
  return userAgent.split('/')[0]?.slice(0, 128) || 'unknown'
}

type OptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions'

const OPTIONS_OF: Readonly<Record<string, OptionsKind>> = {
  POST: 'CreateOptions',
  PUT: 'UpdateOptions',
  PATCH: 'PatchOptions',
}

function readDryRun(values: readonly string[], kind: OptionsKind): boolean {
  if (values.every(value => value === 'All')) return values.length > 0
  throw badOption(kind, 'dryRun', `Unsupported value: ${JSON.stringify(values)}: supported values: "All"`)
}

function readValidation(value: string, kind: OptionsKind): WriteContext['validation'] {
  if (value === 'Strict' || value === 'Ignore' || value === 'Warn') return value
  if (value === '') return 'Warn'
  const supported = '"", "Ignore", "Strict", "Warn"'
  throw badOption(kind, 'fieldValidation', `Unsupported value: "${value}": supported values: ${supported}`)
}

function badOption(kind: OptionsKind, field: string, message: string): KubeFailure {
  const cause = { field, message, reason: 'FieldValueNotSupported' }
  return invalidObject({ group: 'meta.k8s.io', kind }, '', [cause])
}

export interface RemovalRequest {
  readonly removal: Removal
  readonly dryRun: boolean
}

/** meta/v1 `DeleteOptions`: of the body, or of the query. */
export function readRemoval({ query }: HttpRequest, body: JsonObject = {}): RemovalRequest {
  const grace = body['gracePeriodSeconds'] ?? numberOf(query.get('gracePeriodSeconds'))
  const policy = body['propagationPolicy'] ?? query.get('propagationPolicy')
  const orphan = body['orphanDependents'] ?? query.get('orphanDependents') === 'true'
  const preconditions = isJsonObject(body['preconditions']) ? body['preconditions'] : {}
  const { uid, resourceVersion } = preconditions
  const dryRun = Array.isArray(body['dryRun']) ? body['dryRun'].map(String) : query.getAll('dryRun')
  return {
    dryRun: readDryRun(dryRun, 'DeleteOptions'),
    removal: {
      ...(typeof grace === 'number' ? { gracePeriodSeconds: grace } : {}),
      ...(typeof uid === 'string' ? { uid } : {}),
      ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
      propagation: orphan === true ? 'Orphan' : readPropagation(policy),
    },
  }
}

function readPropagation(policy: unknown): NonNullable<Removal['propagation']> {
  if (policy === null || policy === undefined || policy === '') return 'Background'
  if (policy === 'Background' || policy === 'Foreground' || policy === 'Orphan') return policy
  const supported = '"Foreground", "Background", "Orphan"'
  throw badOption(
    'DeleteOptions',
    'propagationPolicy',
    `Unsupported value: ${JSON.stringify(policy)}: supported values: ${supported}`,
  )
}

function numberOf(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined
}
