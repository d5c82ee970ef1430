import * as Effect from "effect/Effect"
import { notFound } from "../errors.ts"
import { app, conversion, installation, token } from "../render/app.ts"
import { repository } from "../render/repository.ts"
import { findRepository } from "../State.ts"
import { type Handler, textOf } from "./Handler.ts"
import { page } from "./paging.ts"

export const apps = {
  "apps/create-from-manifest": {
    by: "anyone",
    handle: Effect.fnUntraced(function* ({ base, manifests, now, parameters }) {
      const converted = manifests.convert(textOf(parameters, "code") ?? "", now)
      return converted === null ? yield* notFound : { status: 201, body: conversion(base, converted) }
    })
  },
  "apps/list-installations": {
    by: "app",
    handle: ({ app, auth, base, parameters, url }) =>
      Effect.sync(() => {
        const { headers, items } = page(auth.installationsOf(app), url, parameters)
        return { status: 200, headers, body: items.map((one) => installation(base, one)) }
      })
  },
  "apps/list-repos-accessible-to-installation": {
    by: "token",
    handle: ({ base, parameters, token, url }) =>
      Effect.sync(() => {
        const { headers, items } = page(token.repositories, url, parameters)
        const repositories = items.map((one) => repository(base, one))
        return { status: 200, headers, body: { total_count: token.repositories.length, repositories } }
      })
  },
  "apps/get-authenticated": {
    by: "app",
    handle: (call) => Effect.succeed({ status: 200, body: app(call.base, call.app) })
  },
  "apps/get-repo-installation": {
    by: "app",
    handle: Effect.fnUntraced(function* ({ app, auth, base, parameters, state }) {
      const owner = textOf(parameters, "owner") ?? ""
      const repository = findRepository(state, owner, textOf(parameters, "repo") ?? "")
      const found = auth.installationOf(app, owner)
      if (repository === undefined || found?.repositories.includes(repository) !== true)
        return yield* notFound
      return { status: 200, body: installation(base, found) }
    })
  },
  "apps/create-installation-access-token": {
    by: "app",
    handle: Effect.fnUntraced(function* ({ app, auth, base, body, parameters }) {
      const issued = yield* auth.issue(app, Number(parameters["installation_id"]), body)
      return { status: 201, body: token(base, issued) }
    })
  },
  "rate-limit/get": {
    by: "token",
    free: true,
    handle: ({ limits, now, token }) =>
      Effect.sync(() => {
        const core = limits.view(`installation:${token.installation.id}`, now)
        const search = { limit: 30, remaining: 30, reset: core.reset, used: 0 }
        return { status: 200, body: { resources: { core, search }, rate: core } }
      })
  }
} satisfies Record<string, Handler>
