import { fromPlain } from "@tiphys/source";
import { describe, expect, it } from "vitest";
import { planDeletion } from "./deletion.ts";
import { simulateRollout } from "./simulate.ts";
import { readStrategy } from "./steps.ts";

const application = (name: string, wave: string) => ({ name, labels: new Map([["wave", wave]]) });
const strategy = (steps: unknown[], more: object = {}) =>
  readStrategy(fromPlain({ spec: { strategy: { type: "RollingSync", rollingSync: { steps }, ...more } } }));
const wave = (value: string, more: object = {}) => ({
  matchExpressions: [{ key: "wave", operator: "In", values: [value] }],
  ...more,
});
const applications = [
  application("db", "1"),
  application("api", "2"),
  application("web", "2"),
  application("odd", "9"),
];

describe("simulateRollout", () => {
  it("opens a step when the one before is healthy", () => {
    const { batches, neverSynced, seconds, events } = simulateRollout({
      strategy: strategy([wave("1"), wave("2")]),
      applications,
      behaviour: new Map([
        ["db", { syncSeconds: 10, healthySeconds: 20 }],
        ["web", { syncSeconds: 5 }],
      ]),
    });
    expect(batches).toEqual([["db"], ["api", "web"]]);
    expect(neverSynced).toEqual(["odd"]);
    expect(seconds).toBe(35);
    expect(events.filter(({ what }) => what === "healthy").map(({ at, application: name }) => [at, name])).toEqual([
      [30, "db"],
      [30, "api"],
      [35, "web"],
    ]);
  });

  it("names who holds a step", () => {
    const { batches, blocked } = simulateRollout({
      strategy: strategy([wave("1"), wave("2")]),
      applications,
      behaviour: new Map([["db", { fails: "health" }]]),
    });
    expect(batches).toEqual([["db"]]);
    expect(blocked).toEqual([{ step: 1, by: ["db"] }]);
  });

  it("lets one after the other go under maxUpdate, and none under 0", () => {
    expect(simulateRollout({ strategy: strategy([wave("2", { maxUpdate: 1 })]), applications }).batches).toEqual([
      ["api"],
      ["web"],
    ]);
    expect(simulateRollout({ strategy: strategy([wave("2", { maxUpdate: 0 })]), applications }).batches).toEqual([]);
  });

  it("passes Applications that are synced already", () => {
    const synced = { ...application("db", "1"), syncStatus: "Synced" as const, health: "Healthy" };
    const { batches, events } = simulateRollout({
      strategy: strategy([wave("1"), wave("2")]),
      applications: [synced, ...applications.slice(1)],
    });
    expect(batches).toEqual([["api", "web"]]);
    expect(events[0]).toMatchObject({ application: "db", what: "already-healthy" });
  });
});

describe("planDeletion", () => {
  it("goes backwards, one by one, and leaves the unselected to the end", () => {
    expect(planDeletion(strategy([wave("1"), wave("2")], { deletionOrder: "reverse" }), applications)).toEqual({
      oneByOne: ["api", "web", "db"],
      together: ["odd"],
    });
    expect(planDeletion(strategy([wave("1")]), applications)).toEqual({
      oneByOne: [],
      together: ["api", "db", "odd", "web"],
    });
  });
});
