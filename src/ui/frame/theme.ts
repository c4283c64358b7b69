export type Theme = 'light' | 'dark'

const KEY = 'kiseki.theme'
const DARK = '(prefers-color-scheme: dark)'

/** What the reader chose; undefined: as the system says. */
export function applyStoredTheme(): void {
  show(stored())
}

export function currentTheme(): Theme {
  return shown() ?? systemTheme()
}

/** Switches, and remembers it; whoever is back at what the system says follows the system again. */
export function toggleTheme(): void {
  const next = currentTheme() === 'dark' ? 'light' : 'dark'
  const chosen = next === systemTheme() ? undefined : next
  store(chosen)
  show(chosen)
  for (const listener of listeners) listener()
}

const listeners = new Set<() => void>()

/** For `useSyncExternalStore`. */
export function onThemeChange(listener: () => void): () => void {
  const system = matchMedia(DARK)
  listeners.add(listener)
  system.addEventListener('change', listener)
  return () => {
    listeners.delete(listener)
    system.removeEventListener('change', listener)
  }
}

function systemTheme(): Theme {
  return matchMedia(DARK).matches ? 'dark' : 'light'
}

function shown(): Theme | undefined {
  return parse(document.documentElement.dataset['theme'])
}

function show(theme: Theme | undefined): void {
  if (theme === undefined) delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

/** A browser may forbid the storage; the choice then ends with the page. */
function stored(): Theme | undefined {
  try {
    return parse(localStorage.getItem(KEY) ?? undefined)
  } catch {
    return undefined
  }
}

function store(theme: Theme | undefined): void {
  try {
    if (theme === undefined) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, theme)
  } catch {
    // Said above.
  }
}

function parse(text: string | undefined): Theme | undefined {
  return text === 'light' || text === 'dark' ? text : undefined
}
