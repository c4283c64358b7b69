import { type ReactElement, useState } from 'react'
import { formatWhole } from '../count-text.ts'
import { Breakable } from '../parts/breakable.tsx'
import { Button } from '../parts/button.tsx'

/** Of a longer value only the beginning is shown at first, or one would push all others out of sight. */
const SHOWN = 400

/** A value as text, whatever it holds. */
export function TagValue({ value }: { readonly value: string }): ReactElement {
  const [whole, setWhole] = useState(false)
  if (value.length <= SHOWN + 100) return <Breakable text={value} />
  return (
    <>
      {whole ? value : `${value.slice(0, SHOWN)}…`}{' '}
      <Button look="quiet" aria-expanded={whole} onClick={() => setWhole(!whole)}>
        {whole ? 'Show less' : `Show all ${formatWhole(value.length)} characters`}
      </Button>
    </>
  )
}
