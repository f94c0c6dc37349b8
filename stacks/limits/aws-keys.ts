/** Limits of AWS KMS. Data. */
import { limitsAsOf } from "./limit.ts";

const limit = limitsAsOf("2026-11-21");

export const rotationPeriod = limit({
  what: "Days between automatic rotations of a key",
  from: 90,
  to: 2560,
  source: "https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-enable.html",
});

export const deletionWindow = limit({
  what: "Days between the order to delete a key and its end",
  from: 7,
  to: 30,
  source: "https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html",
});
