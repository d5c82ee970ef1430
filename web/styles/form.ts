import { css } from "lit"

/** A form of groups: the group's name at the left, its fields in columns, the buttons always visible. */
export const form = css`
  form {
    max-width: 72rem;
  }
  .beside {
    display: grid;
    align-items: start;
    gap: 2rem clamp(2rem, 3vw, 4rem);
    max-width: 72rem;
  }
  .beside > * {
    min-width: 0;
    margin: 0;
  }
  @media (min-width: 96rem) {
    .beside {
      grid-template-columns: minmax(0, 72rem) minmax(26rem, 1fr);
      max-width: none;
    }
    .beside > .side {
      position: sticky;
      top: calc(var(--header) + 1rem);
    }
  }
  fieldset {
    display: grid;
    grid-template-columns: 11rem minmax(0, 1fr);
    gap: 0 2rem;
    margin: 0;
    padding: 1rem 0 1.5rem;
    border: 0;
    border-top: 1px solid var(--hairline);
  }
  legend {
    float: left;
    padding: 0;
  }
  .fields {
    grid-column: 2;
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr));
    gap: 1rem 2rem;
  }
  .fields > env-editor,
  .fields > .whole {
    grid-column: 1 / -1;
  }
  .note {
    max-width: 72rem;
    margin-bottom: 1rem;
  }
  .submit {
    position: sticky;
    bottom: 0;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 1rem;
    padding: 0.75rem 0;
    border-top: 1px solid var(--rim);
    background: var(--ground);
  }
  @media (max-width: 63.99rem) {
    fieldset {
      grid-template-columns: minmax(0, 1fr);
      gap: 0.75rem;
    }
    .fields {
      grid-column: 1;
    }
  }
`
