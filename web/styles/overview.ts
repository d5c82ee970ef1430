import { css } from "lit"

export const overview = css`
  outcome-chart:not(:defined) {
    display: block;
    min-height: 9rem;
  }
  .figures {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
    margin-bottom: 2rem;
    border-block: 1px solid var(--hairline);
  }
  .figures a {
    display: grid;
    align-content: start;
    gap: 0.25rem;
    padding: 0.75rem 1rem;
    border-left: 1px solid var(--hairline);
    text-decoration: none;
    transition: background-color var(--quick);
  }
  .figures a:first-child {
    border-left: 0;
  }
  .figures a:hover {
    background: var(--hover);
  }
  .figures .name {
    color: var(--muted);
  }
  .number {
    display: flex;
    align-items: baseline;
    gap: 0.5rem;
  }
  .number .shape {
    align-self: center;
  }
  .number b {
    font-size: var(--large);
    line-height: 1.75rem;
  }
  .columns {
    display: grid;
    gap: 2rem clamp(2rem, 3vw, 4rem);
  }
  .columns > div {
    min-width: 0;
  }
  .nothing {
    padding: 0.75rem 0;
    color: var(--muted);
  }
  .foot {
    margin-top: 2rem;
  }
  data-table {
    --table-top: var(--header);
  }
  .reasons a {
    display: grid;
    grid-template-columns: minmax(0, 11rem) minmax(2rem, 1fr) 2rem;
    align-items: center;
    gap: 0.75rem;
    min-height: 2rem;
    border-bottom: 1px solid var(--hairline);
    text-decoration: none;
  }
  .reasons a:hover {
    background: var(--hover);
  }
  .reasons svg {
    width: 100%;
    height: 0.25rem;
    fill: var(--edge);
  }
  .count,
  .of {
    text-align: end;
  }
  .teams li {
    display: grid;
    grid-template-columns: 4rem minmax(2rem, 1fr) 2.5rem 4.5rem;
    align-items: center;
    gap: 0 0.75rem;
    min-height: 2rem;
    border-bottom: 1px solid var(--hairline);
  }
  .teams .mono {
    overflow: hidden;
    text-overflow: ellipsis;
    font-weight: var(--strong);
    text-decoration: none;
  }
  .teams .mono:hover {
    text-decoration: underline;
  }
  .teams .more {
    color: var(--muted);
    text-align: end;
  }
  .note {
    margin-top: 0.75rem;
  }
  .upstreams li {
    display: grid;
    grid-template-columns: 4rem minmax(0, 1fr);
    gap: 0.25rem 0.75rem;
    padding: 0.375rem 0;
    border-bottom: 1px solid var(--hairline);
  }
  .wide,
  .budget {
    grid-column: 2;
  }
  .budget {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0.125rem 0.75rem;
    padding-bottom: 0.25rem;
    color: var(--muted);
  }
  .budget svg {
    width: 100%;
    height: 0.25rem;
    fill: var(--edge);
  }
  .budget .track {
    fill: var(--track);
  }
  .budget .low {
    fill: var(--failed);
  }
  @media (min-width: 72rem) {
    .columns {
      grid-template: auto 1fr / minmax(0, 1fr) minmax(20rem, 24rem);
    }
    .columns > div:first-child {
      grid-row: span 2;
    }
    .columns > div:last-child {
      grid-column: 2;
    }
  }
  @media (min-width: 110rem) {
    .columns {
      grid-template: auto / minmax(0, 1fr) minmax(24rem, 0.4fr) minmax(22rem, 0.35fr);
    }
    .columns > div:last-child {
      grid-column: 3;
    }
  }
  @media (max-width: 71.99rem) and (min-width: 48rem) {
    .figures {
      grid-template-columns: repeat(5, auto);
    }
    .figures a {
      padding: 0.5rem;
    }
    .figures .name {
      font-size: var(--small);
    }
    .number {
      flex-wrap: wrap;
      gap: 0 0.5rem;
    }
    .number .small {
      flex: 1 0 100%;
    }
  }
  @media (max-width: 71.99rem) and (min-width: 48rem) {
    .columns {
      grid-template-columns: 1fr 1fr;
    }
    .columns > div:first-child {
      grid-column: 1 / -1;
    }
  }
  @media (max-width: 47.99rem) {
    .reasons a {
      grid-template-columns: minmax(0, 1fr) 4rem 2rem;
    }
    .figures {
      grid-template-columns: 1fr 1fr;
      margin-bottom: 1.5rem;
    }
    .figures a {
      padding: 0.5rem 0.75rem;
    }
    .figures a:first-child {
      grid-column: 1 / -1;
    }
    .figures a:nth-child(even) {
      border-left: 0;
    }
    .figures a:nth-child(n + 2) {
      border-top: 1px solid var(--hairline);
    }
  }
`
