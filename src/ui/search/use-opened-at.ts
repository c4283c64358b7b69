import { useEffect, useState } from 'react'
import { type Micros, micros, microsFromMillis } from '../../model/micros.ts'

/** The browser keeps the state of its history over a reload, which is to look anew. */
const LOADED = performance.timeOrigin

/** When this entry of the history was first shown: Back leads to what was found then, at once and in its place. */
export function useOpenedAt(): Micros {
  const [openedAt] = useState(() => remembered() ?? microsFromMillis(Date.now()))
  useEffect(() => {
    if (remembered() !== openedAt) history.replaceState({ loaded: LOADED, openedAt }, '')
  }, [openedAt])
  return openedAt
}

function remembered(): Micros | undefined {
  const state: unknown = history.state
  if (typeof state !== 'object' || state === null) return undefined
  if (!('loaded' in state && 'openedAt' in state)) return undefined
  return state.loaded === LOADED && typeof state.openedAt === 'number' ? micros(state.openedAt) : undefined
}
