import { html } from "lit"
import { strings } from "../strings/shell.ts"
import { base } from "./navigation.ts"
import type { Route } from "./Router.ts"

const titles = strings.pages

export const routes: ReadonlyArray<Route> = [
  {
    path: base,
    title: titles.overview,
    load: () => import("../pages/overview-page.ts"),
    render: () => html`<overview-page></overview-page>`
  },
  {
    path: `${base}/sign-in`,
    title: titles.signIn,
    load: () => import("../pages/sign-in-page.ts"),
    render: () => html`<sign-in-page></sign-in-page>`
  },
  {
    path: `${base}/inbox`,
    title: titles.inbox,
    load: () => import("../pages/inbox-page.ts"),
    render: () => html`<inbox-page></inbox-page>`
  },
  {
    path: `${base}/issues`,
    title: titles.issues,
    load: () => import("../pages/issues-page.ts"),
    render: ({ query }) => html`<issues-page .query=${query}></issues-page>`
  },
  {
    path: `${base}/dispatches`,
    title: titles.dispatches,
    load: () => import("../pages/dispatches-page.ts"),
    render: ({ query }) => html`<dispatches-page .query=${query}></dispatches-page>`
  },
  {
    path: `${base}/dispatches/:id`,
    title: titles.dispatch,
    load: () => import("../pages/dispatch-page.ts"),
    render: ({ params }) => html`<dispatch-page .dispatchId=${params["id"] ?? ""}></dispatch-page>`
  },
  {
    path: `${base}/mappings`,
    title: titles.mappings,
    load: () => import("../pages/mappings-page.ts"),
    render: ({ query }) => html`<mappings-page .query=${query}></mappings-page>`
  },
  {
    path: `${base}/mappings/new`,
    title: titles.newMapping,
    load: () => import("../pages/mapping-page.ts"),
    render: () => html`<mapping-page .teamKey=${null}></mapping-page>`
  },
  {
    path: `${base}/mappings/:teamKey`,
    title: titles.mapping,
    load: () => import("../pages/mapping-page.ts"),
    render: ({ params }) => html`<mapping-page .teamKey=${params["teamKey"] ?? ""}></mapping-page>`
  },
  {
    path: `${base}/sessions`,
    title: titles.sessions,
    load: () => import("../pages/sessions-page.ts"),
    render: ({ query }) => html`<sessions-page .query=${query}></sessions-page>`
  },
  {
    path: `${base}/audit`,
    title: titles.audit,
    load: () => import("../pages/audit-page.ts"),
    render: ({ query }) => html`<audit-page .query=${query}></audit-page>`
  },
  {
    path: `${base}/docs`,
    title: titles.docs,
    load: () => import("../pages/docs-page.ts"),
    render: ({ query }) => html`<docs-page .query=${query}></docs-page>`
  },
  {
    path: `${base}/dedup`,
    title: titles.dedup,
    load: () => import("../pages/dedup-page.ts"),
    render: ({ query }) => html`<dedup-page .query=${query}></dedup-page>`
  },
  {
    path: `${base}/secrets`,
    title: titles.secrets,
    load: () => import("../pages/secrets-page.ts"),
    render: () => html`<secrets-page .teamKey=${null}></secrets-page>`
  },
  {
    path: `${base}/secrets/:teamKey`,
    title: titles.secrets,
    load: () => import("../pages/secrets-page.ts"),
    render: ({ params }) => html`<secrets-page .teamKey=${params["teamKey"] ?? ""}></secrets-page>`
  },
  {
    path: `${base}/settings`,
    title: titles.settings,
    load: () => import("../pages/settings-page.ts"),
    render: () => html`<settings-page></settings-page>`
  },
  {
    path: `${base}/setup/:from?`,
    title: titles.setup,
    load: () => import("../pages/setup-page.ts"),
    render: () => html`<setup-page></setup-page>`
  }
]
