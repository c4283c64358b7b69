import { runUntilSignal } from '../runtime/lifecycle.ts'
import { createLogger, errorFields } from '../runtime/logger.ts'
import { readSettings } from './settings.ts'
import { startSidecar } from './sidecar.ts'

const logger = createLogger({ component: 'sidecar' })

/** Asks the lifecycle for an orderly end, as the system would. */
function quit(): void {
  process.kill(process.pid, 'SIGTERM')
}

/** Whoever started the sidecar starts it again, until the address is free. */
function fail(error: unknown): void {
  logger.error('the sidecar ends', errorFields(error))
  process.exit(1)
}

/** Over the times of the settings together, and under the 30 s after which Kubernetes kills. */
const GRACE_MILLIS = 25_000

void runUntilSignal({
  logger,
  graceMillis: GRACE_MILLIS,
  start: async () => startSidecar(readSettings(process.env), { logger, onQuit: quit, onFatal: fail }),
})
