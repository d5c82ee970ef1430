import { expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import { open } from "../support/browser.ts"
import { dispatch } from "../support/samples.ts"

const call = (name: RegExp) => page.getByRole("group").filter({ hasText: name })

it("lists every call of the document, in groups", async () => {
  open("/admin/docs")
  await expect.element(page.getByRole("heading", { name: "mappings" })).toBeVisible()
  await expect.element(call(/POST ?\/api\/mappings/)).toBeVisible()
})

it("shows what a call takes and answers, as types", async () => {
  open("/admin/docs?call=mappings.save")
  await expect.element(page.getByText(/teamKey: string {2}\/\/ at most 32 characters/)).toBeVisible()
  await expect.element(page.getByText(/awsRegion\?: string \| null/)).toBeVisible()
  await expect.element(page.getByText(/error: string/)).toBeVisible()
})

it("tries a call that reads, and shows its answer", async () => {
  const { id } = dispatch(3)
  const service = open("/admin/docs?call=dispatches.get")
  await userEvent.click(page.getByRole("button", { name: "Send GET: dispatches.get" }))
  await expect.element(page.getByText("Required for the address.")).toBeVisible()
  await userEvent.fill(page.getByLabelText("id", { exact: true }), id)
  await userEvent.keyboard("{Enter}")
  await expect.element(page.getByText(/^200, after/)).toBeVisible()
  await expect.element(page.getByText(/"issueIdentifier": "ENG-3"/)).toBeVisible()
  expect(service.called(`GET /api/dispatches/${id}`)).toHaveLength(1)
})

it("asks before a call that changes something, and does not send what is not JSON", async () => {
  const service = open("/admin/docs?call=mappings.save")
  const body = page.getByRole("textbox", { name: "Body" })
  await userEvent.fill(body, "{")
  await userEvent.click(page.getByRole("button", { name: "Send POST: mappings.save" }))
  await expect.element(page.getByText("Is not JSON.")).toBeVisible()
  await userEvent.fill(body, JSON.stringify({ teamKey: "NEW", owner: "acme", repo: "shop" }))
  await userEvent.click(page.getByRole("button", { name: "Send POST: mappings.save" }))
  const dialog = page.getByRole("dialog", { name: "Send this POST to the service?" })
  expect(service.called("POST /api/mappings")).toHaveLength(0)
  await userEvent.click(dialog.getByRole("button", { name: "Send" }))
  await expect.element(page.getByText(/^200, after/)).toBeVisible()
  expect(service.called("POST /api/mappings")[0]?.body).toEqual({
    teamKey: "NEW",
    owner: "acme",
    repo: "shop"
  })
})

it("does not try a stream, which would not end", async () => {
  open("/admin/docs?call=events.stream")
  await expect.element(page.getByText(/stays open, so it cannot be called here/)).toBeVisible()
})

it("finds calls by the words of their path", async () => {
  open("/admin/docs")
  await expect.element(call(/POST/)).toBeVisible()
  await userEvent.fill(page.getByRole("searchbox"), "dispatches")
  await expect.element(call(/POST/)).not.toBeInTheDocument()
  await expect.element(call(/dispatches/)).toBeVisible()
})
