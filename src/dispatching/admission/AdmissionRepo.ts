import type * as Arr from "effect/Array"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { Phase } from "../../domain/Modes.ts"
import type { Repository } from "../../upstreams/CodeHost.ts"
import { DispatchRow } from "../dispatches/DispatchRow.ts"
import { reserved } from "../dispatches/timelineEvents.ts"
import { TimelineRepo } from "../dispatches/TimelineRepo.ts"
import { TransitionsRepo } from "../dispatches/TransitionsRepo.ts"
import { DedupRepo } from "../issues/DedupRepo.ts"
import { PlansRepo } from "../plans/PlansRepo.ts"
import { History, type Reservation } from "./reservation.ts"

const InstanceRow = Schema.Struct({ paused: Schema.Boolean, pollerEpoch: Schema.Int })

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const transitions = yield* TransitionsRepo
  const timeline = yield* TimelineRepo
  const plans = yield* PlansRepo
  const dedup = yield* DedupRepo

  const instance = sql`select paused_at is not null as paused, poller_epoch from instance`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Schema.Tuple([InstanceRow]))),
    Effect.map(([row]) => row),
    Effect.orDie
  )

  const history = Effect.fn("AdmissionRepo.history")(function* (
    issues: ReadonlyArray<{ readonly id: string; readonly phase: Phase }>,
    { owner, repo }: Repository,
    number: number | null
  ) {
    const rows = yield* sql`select i.issue_id,
        (select count(*)::int from dispatches d where d.issue_id = i.issue_id and d.phase = i.phase) as attempts,
        (select count(distinct d.branch)::int from dispatches d
          where d.issue_id = i.issue_id and d.phase = 'implementation') as branches,
        o.branch as open_branch, o.number as open_number,
        (select jsonb_build_object('id', p.id, 'documents', p.documents, 'withdrawn', p.withdrawn_at is not null,
            'verdict', p.verdict, 'reason', p.verdict_reason)
          from plans p where p.issue_id = i.issue_id order by p.id desc limit 1) as plan
      from unnest(${issues.map(({ id }) => id)}::text[], ${issues.map(({ phase }) => phase)}::text[])
        as i (issue_id, phase)
      left join lateral (select p.branch, p.number from pull_requests p where p.issue_id = i.issue_id
        and p.state = 'open' and lower(p.owner) = lower(${owner}) and lower(p.repo) = lower(${repo})
        order by p.number = ${number ?? 0} desc, p.number desc limit 1) o on true`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(History)))
    )
    return new Map(rows.map((row) => [row.issueId, row]))
  }, Effect.orDie)

  const reserve = Effect.fn("AdmissionRepo.reserve")(function* (
    reservations: Arr.NonEmptyReadonlyArray<Reservation>,
    at: Date
  ) {
    const { message, type } = reserved
    return yield* sql`
      with reserved as (${transitions.reserve(reservations)}),
      noted as (${timeline.insert(sql`select id, ${at}, ${type}, requested_by, ${message},
        jsonb_build_object('trigger', trigger, 'workflowFile', workflow_file, 'ref', ref,
          'leftOut', launch_undeclared_inputs) from reserved`)}),
      superseded as (${plans.supersede(at)}),
      deduplicated as (${dedup.insert(at)})
      select * from reserved`.pipe(Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(DispatchRow))))
  }, Effect.orDie)

  return { instance, history, reserve }
})

export class AdmissionRepo extends Context.Service<AdmissionRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/admission/AdmissionRepo"
) {
  static readonly layer = Layer.effect(AdmissionRepo, make).pipe(
    Layer.provide([TransitionsRepo.layer, TimelineRepo.layer, PlansRepo.layer, DedupRepo.layer])
  )
}
