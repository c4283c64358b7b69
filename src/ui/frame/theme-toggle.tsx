import { type ReactElement, useSyncExternalStore } from 'react'
import css from './frame.module.css'
import { currentTheme, onThemeChange, toggleTheme } from './theme.ts'

export function ThemeToggle(): ReactElement {
  const theme = useSyncExternalStore(onThemeChange, currentTheme)
  const label = theme === 'dark' ? 'Switch to light colours' : 'Switch to dark colours'
  return (
    <button type="button" className={css['theme']} onClick={toggleTheme} aria-label={label} title={label}>
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <circle cx="10" cy="10" r="6.5" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <path d="M10 3.5a6.5 6.5 0 0 1 0 13z" fill="currentColor" />
      </svg>
    </button>
  )
}
