import { type ErrorCode, KisekiError } from '../model/errors.ts'

/** Whether a call of a `KubeClient` failed for this reason. */
export function failedWith(thrown: unknown, code: ErrorCode): boolean {
  return thrown instanceof KisekiError && thrown.code === code
}

/** Waits for a call, whose object may be absent. */
export async function unlessAbsent<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (failedWith(error, 'KISEKI_NOT_FOUND')) return undefined
    throw error
  }
}
