import type { Logger } from '../../runtime/logger.ts'

const ignore = (): void => undefined

export const SILENT: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }
