import { css } from "lit"

export const settings = css`
  .fields.one {
    grid-template-columns: minmax(0, 1fr);
    max-width: 48rem;
  }
  .trial {
    max-width: 72rem;
  }
  .choices {
    display: grid;
    gap: 0.25rem;
  }
  .choice {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    min-height: 1.5rem;
  }
  .setting {
    display: grid;
    grid-template-columns: minmax(0, 18rem) minmax(0, 1fr);
    align-items: start;
    gap: 0.5rem 2rem;
  }
  .setting .note {
    grid-column: 1 / -1;
    margin: 0;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 1rem;
  }
  @media (max-width: 63.99rem) {
    .setting {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`
