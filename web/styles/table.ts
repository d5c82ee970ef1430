import { css } from "lit"

const stacked = css`
  thead {
    position: absolute;
    display: block;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  table,
  tbody {
    display: block;
  }
  tbody tr {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.125rem 0.75rem;
    padding: 0.625rem 0;
    border-bottom: 1px solid var(--hairline);
  }
  td,
  td:first-child,
  td:last-child {
    height: auto;
    max-width: 100%;
    padding: 0;
    border: 0;
    min-width: 0;
  }
  tbody tr:hover td,
  tbody tr:focus-within td {
    background: none;
  }
  td:empty,
  td.actions:not(:has(action-button)) {
    display: none;
  }
  td.end {
    margin-left: auto;
  }
  td.line {
    order: 2;
    flex: 1 1 calc(85% - 3rem);
  }
  tr:has(td.after:not(.actions, :empty)):has(.actions action-button) td.line {
    flex-basis: 100%;
  }
  td.after {
    order: 3;
  }
  td.after.end {
    order: 4;
  }
  td.end:not(.after, [class*="from-"]) ~ td.end:not(.after) {
    margin-left: 0;
  }
  .actions > span {
    position: static;
    padding: 0;
    background: none;
    opacity: 1 !important;
  }
`

export const table = css`
  :host {
    container-type: inline-size;
  }
  table {
    width: 100%;
    border-collapse: separate;
    border-spacing: 0;
    table-layout: fixed;
  }
  th {
    position: sticky;
    top: var(--table-top, var(--header));
    z-index: 1;
    height: 2rem;
    padding: 0 0.5rem;
    background: var(--ground);
    border-bottom: 1px solid var(--rim);
    color: var(--muted);
    font-size: var(--small);
    font-weight: 400;
    text-align: start;
    white-space: nowrap;
  }
  td {
    height: 2rem;
    padding: 0.25rem 0.5rem;
    border-bottom: 1px solid var(--hairline);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  td.wrap {
    white-space: normal;
  }
  .two {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .end {
    text-align: end;
  }
  tbody tr:hover td,
  tbody tr:focus-within td {
    background: var(--hover);
  }
  tbody tr:has(a.open) {
    cursor: pointer;
  }
  a.open {
    font-weight: var(--strong);
    text-decoration: none;
  }
  a.open:hover {
    text-decoration: underline;
  }
  td:has(:focus-visible) {
    overflow: visible;
  }
  td.actions {
    position: relative;
    overflow: visible;
  }
  .actions > span {
    display: flex;
    gap: 0.25rem;
    justify-content: flex-end;
  }
  .slots {
    display: grid;
    grid-template-columns: 2.5rem minmax(0, 12rem);
    align-items: center;
    gap: 0.5rem;
  }
  .links {
    display: flex;
    align-items: center;
    gap: 0.5rem;
  }
  .links a[aria-label] {
    color: var(--muted);
  }
  .changes {
    display: flex;
    flex-wrap: wrap;
    gap: 0 1rem;
    overflow-wrap: anywhere;
  }
  summary {
    color: var(--muted);
    cursor: pointer;
  }
  del {
    color: var(--muted);
  }
  ins {
    text-decoration: none;
  }
  del + ins::before {
    content: "→ ";
    color: var(--muted);
  }
  .foot {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    padding: 0.75rem 0.5rem;
    color: var(--muted);
  }
  .foot span {
    margin-right: auto;
  }
  @media (hover: hover) {
    @container (width >= 38rem) {
      th.actions {
        width: 0 !important;
        padding: 0;
      }
      td.actions {
        padding: 0;
      }
      .actions > span {
        position: absolute;
        inset: 0 0 1px auto;
        align-items: center;
        padding: 0 0.5rem 0 2rem;
        background: linear-gradient(to right, transparent, var(--hover) 2rem);
      }
      tbody tr:not(:hover, :focus-within) .actions > span {
        opacity: 0;
      }
    }
  }
  @container (width < 96rem) {
    .from-96 {
      display: none;
    }
  }
  @container (width < 84rem) {
    .from-84 {
      display: none;
    }
  }
  @container (width < 72rem) {
    .from-72 {
      display: none;
    }
  }
  @container (width < 60rem) {
    .from-60 {
      display: none;
    }
  }
  @container (width < 38rem) {
    ${stacked}
  }
  @container (width < 48rem) {
    :host([wide]) {
      ${stacked}
    }
  }
`
