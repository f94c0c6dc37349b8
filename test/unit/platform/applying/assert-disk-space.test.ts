import { expect, test } from "vitest";
import { assertDiskSpace, leastFreeBytes } from "../../../../src/platform/applying/assert-disk-space.ts";

const ledger = { path: "/data/.terrane/ledger.sqlite", what: "the ledger" };
const temporary = { path: "/tmp", what: "temporary files" };

test("a disk without room is refused with its path, what is free and what is needed", async () => {
  const full = assertDiskSpace([temporary, ledger], async (path) =>
    path === ledger.path ? 5 * 2 ** 20 : leastFreeBytes,
  );
  await expect(full).rejects.toMatchObject({
    code: "disk-full",
    message:
      "the disk of the ledger (/data/.terrane/ledger.sqlite) has 5 MiB free, and an operation may need 64",
    next: "Make room for 59 MiB more there, then run the command again.",
    details: { path: ledger.path, freeBytes: 5 * 2 ** 20, neededBytes: leastFreeBytes },
  });
});

test("a path that is still to be made stands on the disk of the folder that will hold it", async () => {
  await assertDiskSpace([{ path: "/tmp/no/such/folder/ledger.sqlite", what: "the ledger" }]);
});
