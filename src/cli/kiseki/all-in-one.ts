import { getHeapStatistics } from 'node:v8'
import { startBackend } from '../../app/backend/backend.ts'
import { flagHelp } from '../../app/backend/flag-reference.ts'
import { readSettings, type SettingsSource, surroundingsOf } from '../../app/backend/read-settings.ts'
import { ensureUi } from '../../app/bundles.ts'
import { createClock } from '../../runtime/clock.ts'
import { runUntilSignal } from '../../runtime/lifecycle.ts'
import { createLogger } from '../../runtime/logger.ts'
import { onLauncherGone } from '../launcher.ts'
import type { CommandRun } from './command.ts'

/** Prints one line `ready {"ui":…}` when all listeners are open; logs go to standard error. */
export const allInOneCommand: CommandRun = async context => {
  const source: SettingsSource = {
    arguments: context.arguments,
    env: context.env,
    heapLimitBytes: getHeapStatistics().heap_size_limit,
  }
  if (context.arguments.some(argument => argument === '--help' || argument === '-h')) {
    context.print(`Usage: kiseki all-in-one [FLAGS]\n\n${flagHelp(surroundingsOf(source))}\n`)
    return
  }
  const { settings, warnings } = readSettings(source)
  const logger = createLogger({ component: 'kiseki', level: settings.logLevel })
  for (const warning of warnings) logger.warn(warning)
  onLauncherGone(context.env, () => process.kill(process.pid, 'SIGTERM'))
  await runUntilSignal({
    logger,
    async start() {
      const backend = await startBackend(settings, {
        logger,
        clock: createClock(),
        uiDir: context.env['KISEKI_UI_DIR'] ?? (await ensureUi()),
        version: context.version,
      })
      const { engine, maxBytes } = backend.store.status()
      logger.info('ready', { ...backend.urls, engine, maxBytes })
      context.print(`ready ${JSON.stringify(backend.urls)}\n`)
      return backend
    },
  })
}
