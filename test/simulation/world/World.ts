import type { Chance } from "./Chance.ts"
import { Ground } from "./Ground.ts"
import { Hosts } from "./Hosts.ts"
import type { Plan } from "./plan.ts"
import { Upstreams } from "./Upstreams.ts"

/** Everything outside the code under test: time, database, replicas, upstreams. One chance decides for all of it. */
export class World extends Ground {
  readonly upstreams: Upstreams
  readonly hosts: Hosts

  constructor(seed: number, plan: (chance: Chance) => Plan, traced: boolean) {
    super(seed, plan, traced)
    this.upstreams = new Upstreams(this)
    this.hosts = new Hosts(this, this.upstreams)
  }
}
