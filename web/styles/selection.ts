import { css } from "lit"

/** What can be done with the chosen rows, at the foot of the window. */
export const selection = css`
  .selection {
    position: sticky;
    z-index: 2;
    bottom: 1rem;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 1rem;
    width: fit-content;
    margin: 1rem auto 0;
    padding: 0.5rem 0.5rem 0.5rem 1rem;
    border: 1px solid var(--rim);
    border-radius: var(--round);
    background: var(--float);
    box-shadow: var(--shadow);
  }
  @media (max-width: 47.99rem) {
    .selection {
      gap: 0.25rem;
      padding: 0.5rem 0.25rem 0.5rem 0.75rem;
    }
  }
`
