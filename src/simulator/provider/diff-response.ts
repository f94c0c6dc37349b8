/** Differences in the words of Pulumi's provider protocol. */
import type * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { Difference, Differences } from "./diff.ts";

export function toDiffResponse(differences: Differences, stubs: typeof messages): messages.DiffResponse {
  const { DiffResponse, PropertyDiff } = stubs;
  const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
  const response = new DiffResponse();
  response.setChanges(differences.all.length === 0 ? DIFF_NONE : DIFF_SOME);
  response.setDeletebeforereplace(differences.deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const difference of differences.all) {
    const top = /^[^.[]+/.exec(difference.path)?.[0] ?? difference.path;
    if (!response.getDiffsList().includes(top)) response.addDiffs(top);
    if (difference.replaces && !response.getReplacesList().includes(top)) response.addReplaces(top);
    const detail = new PropertyDiff();
    detail.setKind(kindOf(difference, PropertyDiff.Kind));
    detail.setInputdiff(true);
    response.getDetaileddiffMap().set(difference.path, detail);
  }
  return response;
}

function kindOf(
  difference: Difference,
  kinds: typeof messages.PropertyDiff.Kind,
): messages.PropertyDiff.Kind {
  const { kind, replaces } = difference;
  if (kind === "add") return replaces ? kinds.ADD_REPLACE : kinds.ADD;
  if (kind === "delete") return replaces ? kinds.DELETE_REPLACE : kinds.DELETE;
  return replaces ? kinds.UPDATE_REPLACE : kinds.UPDATE;
}
