import { KubeFailure } from '../../kube/kube-failure.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { HttpRequest } from '../../runtime/http-exchange.ts'
import type { UserInfo, WriteContext } from '../api/write-context.ts'
import type { Removal } from '../store/removal.ts'

/** How a write is to be done, by its query (meta/v1 CreateOptions, UpdateOptions, PatchOptions). */
export function writeContext(
  { query, headers }: HttpRequest,
  user: UserInfo,
  warn: WriteContext['warn'],
): WriteContext {
  return {
    user,
    warn,
    trusted: false,
    manager: query.get('fieldManager') || managerOf(headers['user-agent'] ?? ''),
    dryRun: readDryRun(query.getAll('dryRun')),
    validation: readValidation(query.get('fieldValidation') ?? ''),
  }
}

/** `kubectl` of `kubectl/v1.35.2 (linux/amd64)`. */
function managerOf(userAgent: string): string {
  return userAgent.split('/')[0]?.slice(0, 128) || 'unknown'
}

function readDryRun(values: readonly string[]): boolean {
  if (values.every(value => value === 'All')) return values.length > 0
  throw new KubeFailure(
    'Invalid',
    `dryRun: Unsupported value: ${JSON.stringify(values)}: supported values: "All"`,
  )
}

function readValidation(value: string): WriteContext['validation'] {
  if (value === 'Strict' || value === 'Ignore' || value === 'Warn') return value
  if (value === '') return 'Warn'
  throw new KubeFailure(
    'Invalid',
    `fieldValidation: Unsupported value: "${value}": supported values: "Ignore", "Strict", "Warn"`,
  )
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
    dryRun: readDryRun(dryRun),
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
  throw new KubeFailure(
    'Invalid',
    `propagationPolicy: Unsupported value: ${JSON.stringify(policy)}: supported values: "Foreground", "Background", "Orphan"`,
  )
}

function numberOf(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined
}
