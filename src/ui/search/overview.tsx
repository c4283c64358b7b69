import { type ReactElement, useMemo } from 'react'
import { lengthTicks, timeTicks } from '../axis.ts'
import { axisText, clockText } from '../clock-text.ts'
import { formatDuration, formatMark } from '../duration.ts'
import { PlaceLink } from '../navigation.tsx'
import { useSize } from '../parts/use-size.ts'
import { type TraceView, traceName } from '../trace-rows.ts'
import css from './overview.module.css'

const HEIGHT = 148
const LEFT = 56
const RIGHT = 14
const TOP = 10
const BOTTOM = 24

/**
 * Found traces by start (across) and duration (up); the size says how many spans, a red diamond an error. The list
 * below says the same in words.
 */
export function Overview({ views }: { readonly views: readonly TraceView[] }): ReactElement {
  const { ref, width } = useSize<HTMLDivElement>()
  const scale = useMemo(() => scaleOf(views, width), [views, width])
  return (
    <div ref={ref} className={css['overview']}>
      {width > 0 && (
        <svg width={width} height={HEIGHT} aria-hidden="true">
          <Axes scale={scale} width={width} />
          {views.map(view => (
            <Mark key={view.traceId} view={view} scale={scale} />
          ))}
        </svg>
      )}
    </div>
  )
}

interface Scale {
  readonly x: (micros: number) => number
  readonly y: (duration: number) => number
  readonly radius: (spans: number) => number
  readonly times: readonly number[]
  readonly lengths: readonly number[]
  readonly range: number
}

function scaleOf(views: readonly TraceView[], width: number): Scale {
  const starts = views.map(view => view.start)
  const first = Math.min(...starts)
  // Traces of one moment stand in the middle of a second.
  const room = Math.max((Math.max(...starts) - first) * 0.04, 500_000)
  const from = first - room
  const range = Math.max(...starts) + room - from
  const lengths = lengthTicks(Math.max(...views.map(view => view.duration)), 3)
  const top = lengths.at(-1) ?? 1
  const most = Math.max(...views.map(view => view.rows.length))
  const zoneMicros = new Date(first / 1000).getTimezoneOffset() * -60_000_000
  return {
    x: micros => LEFT + ((micros - from) / range) * (width - LEFT - RIGHT),
    y: duration => HEIGHT - BOTTOM - (duration / top) * (HEIGHT - TOP - BOTTOM),
    radius: spans => 3.5 + 4.5 * Math.sqrt(spans / most),
    times: timeTicks({ from, to: from + range, count: Math.max(2, Math.floor(width / 130)), zoneMicros }),
    lengths,
    range,
  }
}

function Axes({ scale, width }: { readonly scale: Scale; readonly width: number }): ReactElement {
  return (
    <g className={css['axes']}>
      {scale.lengths.map(length => (
        <g key={length} transform={`translate(0 ${scale.y(length)})`}>
          <line x1={LEFT} x2={width - RIGHT} />
          <text x={LEFT - 8} dy="0.32em" textAnchor="end">
            {formatMark(length)}
          </text>
        </g>
      ))}
      {scale.times.map(time => (
        <text key={time} x={scale.x(time)} y={HEIGHT - 6} textAnchor="middle">
          {axisText(time, scale.range)}
        </text>
      ))}
    </g>
  )
}

function Mark({ view, scale }: { readonly view: TraceView; readonly scale: Scale }): ReactElement {
  const { service, operation } = traceName(view)
  const size = scale.radius(view.rows.length)
  const at = `translate(${scale.x(view.start)} ${scale.y(view.duration)})`
  return (
    <PlaceLink to={{ page: 'trace', id: view.traceId }} tabIndex={-1} className={css['mark']}>
      <title>
        {`${service}: ${operation}\n${clockText(view.start)}, ${formatDuration(view.duration)}, ${view.rows.length} spans`}
      </title>
      {view.errors > 0 ? (
        <rect
          className={css['error']}
          transform={`${at} rotate(45)`}
          x={-size * 0.85}
          y={-size * 0.85}
          width={size * 1.7}
          height={size * 1.7}
          rx="1"
        />
      ) : (
        <circle transform={at} r={size} />
      )}
    </PlaceLink>
  )
}
