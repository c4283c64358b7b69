import type { ReactElement } from 'react'
import { useGo } from '../navigation.tsx'
import { Button } from '../parts/button.tsx'
import css from './results.module.css'

export interface CompareBarProps {
  /** Trace ids in the order of ticking: the first two are compared, all can be chosen there. */
  readonly cohort: readonly string[]
  readonly onClear: () => void
}

export function CompareBar({ cohort, onClear }: CompareBarProps): ReactElement {
  const go = useGo()
  const [a, b] = cohort
  const compare = (): void => {
    if (a !== undefined && b !== undefined) go({ page: 'compare', a, b, cohort })
  }
  return (
    <div className={css['compare']}>
      <span className={css['hint']} role="status">
        {cohort.length === 0
          ? 'Tick two traces to compare'
          : cohort.length === 1
            ? '1 ticked, one more to compare'
            : `${cohort.length} ticked`}
      </span>
      {cohort.length > 0 && (
        <Button look="quiet" onClick={onClear}>
          Clear
        </Button>
      )}
      <Button look={b === undefined ? 'plain' : 'primary'} disabled={b === undefined} onClick={compare}>
        Compare
      </Button>
    </div>
  )
}
