/** What RDS refuses of a database, said before anything is made. */
import type { FieldRefusal } from "../../../src/catalog/component.ts";
import {
  asOf,
  autoscalingHeadroom,
  iopsPerGib,
  storageIops,
  storageSize,
  storageThroughput,
  stripedStorage,
  throughputPerIops,
  windowLength,
} from "../../limits/aws-rds.ts";
import { refuseClass } from "./instance-class.ts";
import { windowMinutes, windowsOverlap } from "./window.ts";

/** Fields that RDS's rules look at. */
export interface CheckedDatabase {
  readonly size: string;
  readonly storage: number;
  readonly maxStorage?: number | undefined;
  readonly iops?: number | undefined;
  readonly throughput?: number | undefined;
  readonly replication: "none" | "physical" | "logical";
  readonly backupRetentionDays: number;
  readonly backupWindow: string;
  readonly maintenanceWindow: string;
}

export function checkDatabase(fields: CheckedDatabase): readonly FieldRefusal[] {
  return [
    ...checkSize(fields),
    ...checkGrowth(fields),
    ...checkIops(fields),
    ...checkThroughput(fields),
    ...checkRetention(fields),
    ...checkWindows(fields),
  ];
}

function checkSize({ size }: CheckedDatabase): readonly FieldRefusal[] {
  const refusal = refuseClass(size);
  if (refusal === undefined) return [];
  const { message, nearest } = refusal;
  return [
    {
      field: "size",
      code: "bad-value",
      message: `${message} (list of ${asOf})`,
      allowed: "an instance class of RDS for PostgreSQL: db.t4g.medium, db.m7g.large, db.r7g.xlarge, …",
      ...(nearest === undefined ? {} : { nearest }),
    },
  ];
}

function checkGrowth({ storage, maxStorage }: CheckedDatabase): readonly FieldRefusal[] {
  if (maxStorage === undefined || maxStorage === 0) return [];
  const least = Math.min(storageSize.to, Math.ceil((storage * (100 + autoscalingHeadroom.least)) / 100));
  if (maxStorage >= least) return [];
  const message = `storage of ${storage} GiB cannot grow to ${maxStorage} GiB: RDS wants a tenth of room at least`;
  return [
    {
      field: "maxStorage",
      code: "bad-value",
      message,
      allowed: `0, or ${least} to ${storageSize.to}`,
      nearest: `${least}`,
    },
  ];
}

function checkIops({ storage, iops }: CheckedDatabase): readonly FieldRefusal[] {
  if (iops === undefined) return [];
  if (storage < stripedStorage.least) return [belowStripes("iops", storage, "3000 I/O operations a second")];
  const most = Math.min(storageIops.to, storage * iopsPerGib.most);
  if (iops >= storageIops.from && iops <= most) return [];
  const message = `${iops} I/O operations a second do not go with ${storage} GiB of gp3 storage`;
  return [{ field: "iops", code: "bad-value", message, allowed: `${storageIops.from} to ${most}` }];
}

function checkThroughput({ storage, iops, throughput }: CheckedDatabase): readonly FieldRefusal[] {
  if (throughput === undefined) return [];
  if (storage < stripedStorage.least) return [belowStripes("throughput", storage, "125 MiB/s")];
  const most = Math.min(
    storageThroughput.to,
    Math.floor((iops ?? storageIops.from) * throughputPerIops.most),
  );
  if (throughput >= storageThroughput.from && throughput <= most) return [];
  const message = `${throughput} MiB/s do not go with ${iops ?? storageIops.from} I/O operations a second`;
  return [
    { field: "throughput", code: "bad-value", message, allowed: `${storageThroughput.from} to ${most}` },
  ];
}

function belowStripes(field: string, storage: number, fixed: string): FieldRefusal {
  return {
    field,
    code: "bad-value",
    message: `${storage} GiB of gp3 storage have ${fixed}, no more and no less`,
    allowed: `none below ${stripedStorage.least} GiB of storage`,
    next: `Remove \`${field}\`, or give at least ${stripedStorage.least} GiB of storage.`,
  };
}

function checkRetention({ backupRetentionDays, replication }: CheckedDatabase): readonly FieldRefusal[] {
  if (backupRetentionDays > 0 || replication === "none") return [];
  const message = `${replication} replication needs automatic backups: a replica starts from one`;
  return [{ field: "backupRetentionDays", code: "bad-value", message, allowed: "1 to 35" }];
}

function checkWindows({ backupWindow, maintenanceWindow }: CheckedDatabase): readonly FieldRefusal[] {
  const allowed = `at least ${windowLength.least} minutes`;
  const short = Object.entries({ backupWindow, maintenanceWindow }).filter(
    ([, window]) => windowMinutes(window) < windowLength.least,
  );
  if (short.length > 0) {
    return short.map(([field, window]) => ({
      field,
      code: "bad-value",
      message: `${window} lasts ${windowMinutes(window)} minutes`,
      allowed,
    }));
  }
  if (!windowsOverlap(backupWindow, maintenanceWindow)) return [];
  const message = `the backup window ${backupWindow} and the maintenance window ${maintenanceWindow} overlap`;
  return [
    {
      field: "maintenanceWindow",
      code: "bad-value",
      message,
      allowed: `a time outside ${backupWindow}, UTC`,
    },
  ];
}
