import { css } from "lit"

export const mapping = css`
  .crumb {
    margin-bottom: 0.5rem;
  }
  form {
    max-width: 64rem;
  }
  fieldset {
    display: grid;
    grid-template-columns: 12rem minmax(0, 1fr);
    margin: 0;
    padding: 1.5rem 0;
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
    grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr));
    gap: 1rem 2rem;
  }
  .switch {
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 0 0.5rem;
  }
  .switch .hint {
    grid-column: 2;
  }
  .env {
    grid-column: 1 / -1;
    display: grid;
    gap: 0.5rem;
  }
  .variable {
    display: grid;
    grid-template-columns: minmax(0, 2fr) minmax(0, 3fr) max-content;
    gap: 0.25rem 0.5rem;
  }
  .variable .wrong {
    grid-column: 1 / -1;
  }
  .more {
    display: flex;
    align-items: center;
    gap: 1rem;
  }
  .show {
    display: flex;
    gap: 0.5rem;
  }
  .submit {
    position: sticky;
    bottom: 0;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 1rem;
    padding: 1rem 0;
    border-top: 1px solid var(--hairline);
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
