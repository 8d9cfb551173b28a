import { fromBinary } from "@bufbuild/protobuf";
import {
  Activity,
  Availability,
  UpdateStatusRequestSchema,
} from "../dist/gen/presence/v1/presence_pb.js";

const FRAME_HEADER_BYTES = 5;

/** What a change of status says, read off the wire. */
export function statusOf(body) {
  const { status } = fromBinary(UpdateStatusRequestSchema, body.subarray(FRAME_HEADER_BYTES));
  const { activity, availability, availabilityAge: age } = status;
  return {
    ...(activity && { away: activity === Activity.AWAY }),
    ...(availability && {
      busy: availability === Availability.BUSY,
      ageMillis: age ? Number(age.seconds) * 1_000 + Math.round(age.nanos / 1e6) : 0,
    }),
  };
}
