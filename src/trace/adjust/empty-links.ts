import type { SpanLink } from '../../model/span.ts'
import { type Adjust, replaceSpans } from './adjust.ts'

/** Takes out links that lead nowhere, because an id is missing or zero; each with a warning. */
export const removeEmptyLinks: Adjust = trace =>
  replaceSpans(trace, (span, warn) => {
    const links = span.links.filter(leadsSomewhere)
    for (let gone = links.length; gone < span.links.length; gone++) warn('Invalid span link removed')
    return links.length === span.links.length ? span : { ...span, links }
  })

/** By type an id is never zero, but a link is what a stranger said of a stranger. */
function leadsSomewhere({ traceId, spanId }: SpanLink): boolean {
  return !isEmpty(traceId) && !isEmpty(spanId)
}

function isEmpty(id: string): boolean {
  return /^0*$/.test(id)
}
