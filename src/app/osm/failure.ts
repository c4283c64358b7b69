import { KisekiError, messageOf } from '../../model/errors.ts'

/** Throws what was thrown, said in the words of the command: `<what>: <message>`. */
export function failure(what: string, cause: unknown): never {
  if (cause instanceof KisekiError)
    throw new KisekiError(cause.code, `${what}: ${cause.message}`, { remedy: cause.remedy, cause })
  throw new KisekiError('KISEKI_API_FAILED', `${what}: ${messageOf(cause)}`, { cause })
}
