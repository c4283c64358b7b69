import type { SpanId } from '../../model/ids.ts'
import { type Micros, micros } from '../../model/micros.ts'
import type { Span } from '../../model/span.ts'
import type { AdjustedTrace } from '../../model/trace.ts'
import { type Adjust, replaceSpans } from './adjust.ts'
import { goDuration } from './go-duration.ts'
import { hostKey } from './host-key.ts'

/**
 * Moves spans that ran on another machine than their parent and, by that machine's clock, outside of it: to the
 * middle of the parent, or, if they lasted longer, to its start. Spans below on the same machine move along.
 * A shift of more than `max` is not done, only told; `max` 0 does none. Spans without a start stay out of it.
 */
export function correctClockSkew(max: Micros): Adjust {
  return trace => {
    const walk = new SkewWalk(trace, max)
    walk.run()
    return replaceSpans(trace, (span, warn) => {
      for (const text of walk.warnings.get(span) ?? []) warn(text)
      const delta = walk.shifts.get(span)
      return delta === undefined ? span : shift(span, delta)
    })
  }
}

function shift(span: Span, delta: number): Span {
  return {
    ...span,
    start: micros(span.start + delta),
    events: span.events.map(event => ({ ...event, time: micros(event.time + delta) })),
  }
}

interface Node {
  readonly span: Span
  readonly host: string
  readonly children: Node[]
  /** As far as it is adjusted. */
  start: number
}

/** How far the clock of `host` is off. */
interface Skew {
  readonly host: string
  readonly delta: number
}

interface Step {
  readonly node: Node
  readonly parent: Node | undefined
  readonly skew: Skew
}

class SkewWalk {
  readonly warnings: Map<Span, string[]> = new Map()
  readonly shifts: Map<Span, number> = new Map()
  readonly #trace: AdjustedTrace
  readonly #max: number

  constructor(trace: AdjustedTrace, max: number) {
    this.#trace = trace
    this.#max = max
  }

  /** From the roots down, without recursion: a trace may be as deep as it is long. */
  run(): void {
    const steps: Step[] = this.#roots().map(node => ({
      node,
      parent: undefined,
      skew: { host: node.host, delta: 0 },
    }))
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      const { node, parent } = step
      const isElsewhere = parent !== undefined && (node.host === '' || node.host !== step.skew.host)
      const skew = isElsewhere ? { host: node.host, delta: skewOf(node, parent) } : step.skew
      this.#apply(node, skew.delta)
      for (const child of node.children) steps.push({ node: child, parent: node, skew })
    }
  }

  #roots(): Node[] {
    const nodes = new Map<SpanId, Node>()
    for (const span of this.#trace.spans) {
      if (nodes.has(span.spanId)) this.#warn(span, 'duplicate span IDs; skipping clock skew adjustment')
      else nodes.set(span.spanId, { span, host: hostKey(span), children: [], start: span.start })
    }
    const roots: Node[] = []
    for (const node of nodes.values()) {
      const { parentId } = node.span
      const parent = parentId === undefined ? undefined : nodes.get(parentId)
      if (parent !== undefined) parent.children.push(node)
      else roots.push(node)
      if (parentId !== undefined && parent === undefined) {
        this.#warn(
          node.span,
          `parent span ID=${parentId} is not in the trace; skipping clock skew adjustment`,
        )
      }
    }
    return roots
  }

  #apply(node: Node, delta: number): void {
    if (delta === 0 || node.span.start === 0) return
    const shown = goDuration(delta)
    if (this.#max === 0) {
      this.#warn(node.span, `clock skew adjustment disabled; not applying calculated delta of ${shown}`)
    } else if (Math.abs(delta) > this.#max) {
      const max = goDuration(this.#max)
      this.#warn(
        node.span,
        `max clock skew adjustment delta of ${max} exceeded; not applying calculated delta of ${shown}`,
      )
    } else {
      node.start += delta
      this.shifts.set(node.span, delta)
      this.#warn(node.span, `This span's timestamps were adjusted by ${shown}`)
    }
  }

  #warn(span: Span, text: string): void {
    const texts = this.warnings.get(span)
    if (texts === undefined) this.warnings.set(span, [text])
    else texts.push(text)
  }
}

/** What has to be added to the child's times. The parent is adjusted already. */
function skewOf(child: Node, parent: Node): number {
  if (child.start === 0 || parent.start === 0) return 0
  const childDuration = child.span.duration
  const parentDuration = parent.span.duration
  if (childDuration > parentDuration) return Math.max(0, parent.start - child.start)
  const isInside = child.start >= parent.start && child.start + childDuration <= parent.start + parentDuration
  return isInside ? 0 : parent.start + Math.floor((parentDuration - childDuration) / 2) - child.start
}
