import { type FormEvent, type ReactElement, useState } from 'react'
import { messageOf } from '../../model/errors.ts'
import { clockText } from '../clock-text.ts'
import { formatDuration } from '../duration.ts'
import { PlaceLink } from '../navigation.tsx'
import { Button } from '../parts/button.tsx'
import { Facts } from '../parts/facts.tsx'
import { ServiceList } from '../parts/service-list.tsx'
import { traceFacts } from '../trace/trace-header.tsx'
import { type TraceView, traceName } from '../trace-rows.ts'
import css from './compare-side.module.css'
import { MiniWaterfall } from './mini-waterfall.tsx'

interface Choice {
  readonly id: string
  /** Absent until it is read. */
  readonly view: TraceView | undefined
}

export interface CompareSideProps {
  readonly side: 'a' | 'b'
  readonly id: string | undefined
  readonly view: TraceView | undefined
  readonly error: unknown
  /** What this side can be switched to. */
  readonly choices: readonly Choice[]
  /** The duration that fills the small waterfalls of both sides. */
  readonly scale: number
  readonly onChoose: (id: string) => void
}

export function CompareSide(props: CompareSideProps): ReactElement {
  const { side, id, view, error, choices, scale, onChoose } = props
  const name = side === 'a' ? 'A' : 'B'
  return (
    <section className={css['side']} data-side={side} aria-label={`Trace ${name}`}>
      <div className={css['head']}>
        <span className={css['badge']} aria-hidden="true">
          {name}
        </span>
        {id === undefined ? (
          <IdForm name={name} onChoose={onChoose} />
        ) : (
          <select aria-label={`Trace ${name}`} value={id} onChange={event => onChoose(event.target.value)}>
            {choices.map(choice => (
              <option key={choice.id} value={choice.id}>
                {choiceText(choice)}
              </option>
            ))}
          </select>
        )}
        {id !== undefined && <PlaceLink to={{ page: 'trace', id }}>Open</PlaceLink>}
      </div>
      {error !== null && view === undefined && <p className={css['error']}>{messageOf(error)}</p>}
      {view && (
        <>
          <Facts facts={traceFacts(view)} />
          <div className={css['services']}>
            <ServiceList services={view.services} most={12} small />
          </div>
          <MiniWaterfall view={view} scale={scale} />
        </>
      )}
    </section>
  )
}

function choiceText({ id, view }: Choice): string {
  if (view === undefined) return id.slice(0, 7)
  const { service, operation } = traceName(view)
  return `${service}: ${operation} · ${clockText(view.start)} · ${formatDuration(view.duration)} · ${id.slice(0, 7)}`
}

interface IdFormProps {
  readonly name: string
  readonly onChoose: (id: string) => void
}

function IdForm({ name, onChoose }: IdFormProps): ReactElement {
  const [text, setText] = useState('')
  const choose = (event: FormEvent): void => {
    event.preventDefault()
    if (text.trim() !== '') onChoose(text.trim())
  }
  return (
    <form className={css['form']} onSubmit={choose}>
      <input
        type="text"
        aria-label={`ID of trace ${name}`}
        placeholder="Trace ID"
        spellCheck={false}
        value={text}
        onChange={event => setText(event.target.value)}
      />
      <Button type="submit">Set</Button>
    </form>
  )
}
