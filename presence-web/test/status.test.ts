import { durationMs } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { Activity, Availability } from "../src/gen/presence/v1/presence_pb.js";
import { settled } from "./fakes.js";
import { live, loop, model, server, tickets } from "./session-story.js";

describe("status", () => {
  it("should send a wish once", async () => {
    const session = await live();
    session.setStatus({ availability: "busy" });
    await settled();
    server.last.ping();
    await settled();
    expect(server.updates).toHaveLength(1);
    expect(server.updates[0]?.status?.availability).toBe(Availability.BUSY);
    expect(model.self.availability).toBe("busy");
  });

  it("should send an unconfirmed wish again after a reconnect, and say how old it is", async () => {
    const session = await live();
    server.refuse("Unavailable");
    session.setStatus({ availability: "busy" });
    await settled();
    server.last.fail("Unavailable");
    server.failure = undefined;
    await loop.pass(1_000);
    server.last.hello({ ...({ availability: Availability.AVAILABLE } as object) });
    await settled();
    expect(server.updates).toHaveLength(2);
    const again = server.updates[1]?.status;
    expect(again?.availability).toBe(Availability.BUSY);
    expect(again?.availabilityAge && durationMs(again.availabilityAge as never)).toBe(1_000);
    expect(model.self.availability).toBe("busy");
  });

  it("should tell the next server a wish of the last minutes, though another one took it", async () => {
    const session = await live();
    session.setStatus({ availability: "busy" });
    await settled();
    server.last.fail("Unavailable");
    await loop.pass(1_000);
    server.last.hello({ ...({ availability: Availability.AVAILABLE } as object) });
    await settled();
    expect(server.updates).toHaveLength(2);
    const again = server.updates[1]?.status;
    expect(again?.availability).toBe(Availability.BUSY);
    expect(again?.availabilityAge && durationMs(again.availabilityAge as never)).toBe(1_000);
    expect(model.self.availability).toBe("available"); // the server may know a newer one
  });

  it("should not tell an old wish again", async () => {
    const session = await live();
    session.setStatus({ availability: "busy" });
    await settled();
    loop.sleep(300_000);
    server.last.fail("Unavailable");
    await loop.pass(1_000);
    server.last.hello();
    await settled();
    expect(server.updates).toHaveLength(1);
  });

  it("should send it again with the next ping when a call failed", async () => {
    const session = await live();
    server.refuse("Unavailable", "OWNER_UNREACHABLE");
    session.setStatus({ activity: "away" });
    await settled();
    server.failure = undefined;
    server.last.ping();
    await settled();
    expect(server.updates.map(({ status }) => status?.activity)).toEqual([
      Activity.AWAY,
      Activity.AWAY,
    ]);
  });

  it("should go away when nobody is there, and come back", async () => {
    const session = await live();
    session.setIdle(true);
    await settled();
    session.setIdle(false);
    await settled();
    expect(server.updates.map(({ status }) => status?.activity)).toEqual([
      Activity.AWAY,
      Activity.ACTIVE,
    ]);
  });

  it("should stay away when the user said so, whoever moves the mouse", async () => {
    const session = await live();
    session.setStatus({ activity: "away" });
    session.setIdle(true);
    session.setIdle(false);
    await settled();
    expect(server.updates).toHaveLength(1);
  });

  it("should keep the wish in the ticket until it is confirmed", async () => {
    const session = await live();
    session.setStatus({ availability: "busy" });
    expect(tickets.at(-1)?.wish.availability).toBe("busy");
    await settled();
    expect(tickets.at(-1)?.wish.availability).toBeUndefined();
  });
});
