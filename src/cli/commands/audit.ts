/** `terrane audit list|verify|accept`: who did what, and whether the records still fit each other and what is there. */
import { type ExitCode, exitCodes, TerraneError } from "../../errors.ts";
import type { AuditHead } from "../../platform/api.ts";
import { type Invocation, textArgument, textOption } from "../descriptor.ts";
import { acceptedLines, auditLines, verdictLines } from "../output/audit.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runAuditList(session: Session, invocation: Invocation): Promise<ExitCode> {
  const environment = textArgument(invocation, "environment");
  const limit = textOption(invocation, "limit");
  const records = await session.useCases.listAudit(session.context, {
    ...(environment === undefined ? {} : { environment }),
    ...(limit === undefined ? {} : { limit: Number(limit) }),
  });
  const now = session.io.now();
  printAnswer(session, "audit", { records }, (width) => auditLines(records, now, width));
  return exitCodes.done;
}

export async function runAuditVerify(session: Session, invocation: Invocation): Promise<ExitCode> {
  const noted = textOption(invocation, "noted");
  const verdict = await session.useCases.verifyAudit(
    session.context,
    noted === undefined ? undefined : parseHead(noted),
  );
  const now = session.io.now();
  printAnswer(session, "audit-verdict", { verdict }, (width) => verdictLines(verdict, now, width));
  return verdict.broken === undefined ? exitCodes.done : exitCodes.failed;
}

export async function runAuditAccept(session: Session, invocation: Invocation): Promise<ExitCode> {
  const accepted = await session.useCases.acceptLedger(session.context, {
    head: typedHead(textArgument(invocation, "head") ?? ""),
    startedBy: session.io.userName,
  });
  printAnswer(session, "audit-accepted", { accepted }, (width) => acceptedLines(accepted, width));
  return exitCodes.done;
}

/** @throws TerraneError `bad-usage` */
function typedHead(text: string): AuditHead {
  if (/^(0|[1-9]\d{0,14}):[0-9a-f]{64}$/.test(text)) return parseHead(text);
  throw new TerraneError("bad-usage", `${text} is no record of an audit`, {
    next: "Give the last record of the ledger as the refusal showed it, whole: 42:<64 digits>.",
  });
}

/** The table of commands has refused every other form. */
function parseHead(text: string): AuditHead {
  const [seq = "", hash = ""] = text.split(":");
  return { seq: Number(seq), hash };
}
