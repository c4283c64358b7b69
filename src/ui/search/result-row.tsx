import type { MouseEvent, ReactElement } from 'react'
import { agoText, clockText, dateClockText, dateText } from '../clock-text.ts'
import { formatWhole } from '../count-text.ts'
import { formatDuration } from '../duration.ts'
import { isPlainClick, PlaceLink, useGo } from '../navigation.tsx'
import { ServiceList } from '../parts/service-list.tsx'
import { type TraceView, traceName } from '../trace-rows.ts'
import css from './results.module.css'

export interface ResultRowProps {
  readonly view: TraceView
  /** The duration that fills the bar. */
  readonly longest: number
  readonly now: number
  readonly ticked: boolean
  readonly onTick: (ticked: boolean) => void
}

const SERVICES_SHOWN = 6

export function ResultRow({ view, longest, now, ticked, onTick }: ResultRowProps): ReactElement {
  const go = useGo()
  const { service, operation } = traceName(view)
  const place = { page: 'trace', id: view.traceId } as const
  // The link is for keyboards and new tabs; a plain click may hit anything of the row but its controls.
  const open = (event: MouseEvent): void => {
    const control = event.target instanceof Element && event.target.closest('a, label, input')
    if (control || !isPlainClick(event) || String(getSelection()) !== '') return
    go(place)
    window.scrollTo(0, 0)
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the link in the row does the same by keyboard
    <li className={css['row']} data-ticked={ticked || undefined} onClick={open}>
      <label className={css['tick']}>
        <input
          type="checkbox"
          checked={ticked}
          onChange={event => onTick(event.target.checked)}
          aria-label={`Select ${service}: ${operation}, ${clockText(view.start)}`}
        />
      </label>
      <div className={css['what']}>
        <PlaceLink className={css['name']} to={place}>
          <b>{service || 'no service name'}</b> {operation}
        </PlaceLink>
        <ServiceList services={view.services} most={SERVICES_SHOWN} small />
      </div>
      <span className={css['number']}>
        {formatWhole(view.rows.length)}{' '}
        <i className={css['unit']}>{view.rows.length === 1 ? 'span' : 'spans'}</i>
      </span>
      <span className={css['number']} data-error={view.errors > 0}>
        {formatWhole(view.errors)} <i className={css['unit']}>{view.errors === 1 ? 'error' : 'errors'}</i>
      </span>
      <div className={css['duration']}>
        <span>{formatDuration(view.duration)}</span>
        <span className={css['bar']} aria-hidden="true">
          <span style={{ width: `${Math.max(1, (view.duration / longest) * 100)}%` }} />
        </span>
      </div>
      <Start micros={view.start} now={now} />
    </li>
  )
}

function Start({ micros, now }: { readonly micros: number; readonly now: number }): ReactElement {
  const today = dateText(micros) === dateText(now)
  return (
    <time
      className={css['start']}
      dateTime={new Date(micros / 1000).toISOString()}
      title={dateClockText(micros)}
    >
      <span>{today ? clockText(micros) : dateClockText(micros).slice(0, 19)}</span>
      <span className={css['ago']}>{agoText(micros, now)}</span>
    </time>
  )
}
