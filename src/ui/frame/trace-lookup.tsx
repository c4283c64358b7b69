import { type FormEvent, type ReactElement, useState } from 'react'
import { useGo } from '../navigation.tsx'
import css from './frame.module.css'

/** Opens a trace by an id that was found elsewhere, in a log say. */
export function TraceLookup(): ReactElement {
  const go = useGo()
  const [text, setText] = useState('')
  const open = (event: FormEvent): void => {
    event.preventDefault()
    const id = text.trim()
    if (id === '') return
    setText('')
    go({ page: 'trace', id })
  }
  return (
    <form className={css['lookup']} onSubmit={open}>
      <input
        type="text"
        aria-label="Open a trace by its ID"
        placeholder="Trace ID"
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={event => setText(event.target.value)}
      />
    </form>
  )
}
