import { type ReactElement, type ReactNode, useId } from 'react'
import css from './field.module.css'

export interface FieldProps {
  readonly label: string
  readonly hint?: string | undefined
  readonly problem?: string | undefined
  readonly children: (control: ControlProps) => ReactNode
}

/** To be spread on the control. */
interface ControlProps {
  readonly id: string
  readonly className: string | undefined
  readonly 'aria-describedby'?: string
  readonly 'aria-invalid'?: true
}

export function Field({ label, hint, problem, children }: FieldProps): ReactElement {
  const id = useId()
  const note = problem ?? hint
  const control: ControlProps = {
    id,
    className: css['control'],
    ...(note === undefined ? {} : { 'aria-describedby': `${id}-note` }),
    ...(problem === undefined ? {} : { 'aria-invalid': true }),
  }
  return (
    <div className={css['field']}>
      <label htmlFor={id}>{label}</label>
      {children(control)}
      {note !== undefined && (
        <p id={`${id}-note`} className={css['note']} data-problem={problem !== undefined || undefined}>
          {note}
        </p>
      )}
    </div>
  )
}
