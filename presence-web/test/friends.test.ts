import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { beforeEach, describe, expect, it } from "vitest";
import { PresenceState } from "../src/gen/presence/v1/presence_pb.js";
import { live, loop, model, server } from "./session-story.js";

const { ONLINE, AWAY, OFFLINE } = PresenceState;

describe("friends", () => {
  const changes: string[] = [];
  beforeEach(() => {
    changes.length = 0;
    model.onFriends.add(({ changed }) => {
      changes.push(changed.map(({ userId, state }) => `${userId} ${state}`).join(", "));
    });
  });

  it("should tell a snapshot once it is complete, then changes", async () => {
    await live();
    server.last.send({
      case: "snapshot",
      value: { presences: [{ userId: "ada", state: ONLINE }] },
    });
    expect(changes).toEqual([]);
    server.last.snapshot({ bob: AWAY });
    expect(changes).toEqual(["ada online, bob away"]);
    server.last.send({
      case: "changes",
      value: { presences: [{ userId: "bob", state: PresenceState.BUSY }] },
    });
    expect(changes.at(-1)).toBe("bob busy");
  });

  it("should tell only the differences after a resume, and each once", async () => {
    await live();
    server.last.snapshot({ ada: ONLINE, bob: ONLINE, cy: AWAY });
    const before = model.friends;
    server.last.fail("Unknown");
    await loop.pass(1_000);
    server.last.hello();
    server.last.send({
      case: "snapshot",
      value: {
        presences: [
          { userId: "ada", state: ONLINE },
          { userId: "cy", state: ONLINE },
        ],
        complete: true,
      },
    });
    expect(changes.slice(1)).toEqual(["cy online"]);
    server.last.send({
      case: "snapshot",
      value: {
        presences: [{ userId: "bob", state: OFFLINE, lastSeen: timestampFromMs(5_000) }],
        lastSeenComplete: true,
      },
    });
    expect(changes.slice(1)).toEqual(["cy online", "bob offline"]);
    expect(model.friends.get("bob")?.lastSeen).toEqual(new Date(5_000));
    expect(before.get("bob")?.state).toBe("online"); // what was handed out does not change
  });

  it("should not let somebody look online because a last seen does not come", async () => {
    await live();
    server.last.snapshot({ ada: ONLINE });
    server.last.fail("Unknown");
    await loop.pass(1_000);
    server.last.hello();
    server.last.send({ case: "snapshot", value: { complete: true } });
    await loop.pass(999);
    expect(model.friends.get("ada")?.state).toBe("online");
    await loop.pass(1);
    expect(model.friends.get("ada")?.state).toBe("offline");
  });

  it("should never take unknown for offline", async () => {
    await live();
    server.last.snapshot({ ada: PresenceState.UNKNOWN, bob: 77 as PresenceState });
    expect(model.friends.get("ada")?.state).toBe("unknown");
    expect(model.friends.get("bob")?.state).toBe("unknown");
  });

  it("should say how old things are while the server is out of touch", async () => {
    await live();
    server.last.send({ case: "serverState", value: { stale: true, asOf: timestampFromMs(9_000) } });
    expect(model.state).toMatchObject({ kind: "stale", asOf: new Date(9_000) });
    server.last.send({ case: "serverState", value: { rosterPending: true } });
    expect(model.state).toMatchObject({ kind: "live", rosterPending: true });
  });
});
