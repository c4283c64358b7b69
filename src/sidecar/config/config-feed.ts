import { setTimeout as sleep } from 'node:timers/promises'
import type { ConfigAnswer } from '../../model/sidecar-config.ts'
import type { Logger } from '../../runtime/logger.ts'
import type { SidecarSettings } from '../settings.ts'
import { startConfigClient } from './config-client.ts'
import type { LastGood } from './last-good.ts'

export interface ConfigFeedOptions {
  readonly settings: Pick<SidecarSettings, 'controlPlaneUrl' | 'pod'>
  readonly lastGood: LastGood
  readonly logger: Logger
  readonly random: () => number
  readonly apply: (text: string) => Promise<ConfigAnswer>
}

export interface ConfigFeed {
  stop(): Promise<void>
}

/** The control plane is the better source; without it, what was kept from the last time must do. */
const LAST_GOOD_AFTER_MILLIS = 1000

/** Brings configurations: from the control plane, and at a start without it the one kept on disk. */
export function startConfigFeed(options: ConfigFeedOptions): ConfigFeed {
  const { lastGood, logger } = options
  const over = new AbortController()
  let configured = false
  /** One of the control plane that is being applied; what is in force then is not known yet. */
  let applying: Promise<ConfigAnswer> | undefined

  async function apply(text: string): Promise<ConfigAnswer> {
    const answer = await options.apply(text)
    configured ||= answer.status === 'applied'
    return answer
  }

  const client = startConfigClient({
    controlPlaneUrl: options.settings.controlPlaneUrl,
    podUid: options.settings.pod.uid,
    logger,
    random: options.random,
    apply: async text => {
      applying = apply(text)
      const answer = await applying
      if (answer.status === 'applied') lastGood.save(text)
      return answer
    },
  })

  async function fallBack(): Promise<void> {
    await sleep(LAST_GOOD_AFTER_MILLIS, undefined, { signal: over.signal }).catch(() => undefined)
    if (configured || over.signal.aborted) return
    const text = await lastGood.load()
    await applying
    if (text === undefined || configured) return
    const { revision, status } = await apply(text)
    logger.warn('no control plane: the configuration kept on disk is used', { revision, status })
  }

  const falling = fallBack()
  return {
    async stop() {
      over.abort()
      await Promise.all([client.stop(), falling])
    },
  }
}
