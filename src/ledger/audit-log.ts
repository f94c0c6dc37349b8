/** Reads the audit: its newest records, and whether it fits itself and what is there. */
import type { AuditHead, AuditRecord, AuditVerdict } from "../model/audit.ts";
import type { Database, SqlValue } from "../sql/database.ts";
import { type AuditRow, auditColumns, toRecord } from "./audit.ts";
import { verifyAudit } from "./verify-audit.ts";

export interface AuditFilter {
  /** Default: every environment, and what belongs to none. */
  readonly environment?: string;
  /** Largest number of records. */
  readonly limit: number;
}

export class AuditLog {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Newest first.
   * @throws TerraneError `newer-than-me`, `state-corrupt`
   */
  async list({ environment, limit }: AuditFilter): Promise<readonly AuditRecord[]> {
    const where = environment === undefined ? "" : "WHERE environment = ?";
    const values: SqlValue[] = environment === undefined ? [limit] : [environment, limit];
    const rows = await this.#database.read<AuditRow>(
      `SELECT ${auditColumns} FROM audit ${where} ORDER BY seq DESC LIMIT ?`,
      values,
    );
    return rows.map(toRecord);
  }

  /** @param noted the head as an earlier verification printed it, kept where this database cannot be changed from */
  verify(noted?: AuditHead): Promise<AuditVerdict> {
    return verifyAudit(this.#database, noted);
  }
}
