/**
 * Operations are told apart by a number as well: two may begin in the same millisecond. Those of earlier releases are
 * numbered as they began.
 */
export const operationNumbers = `ALTER TABLE operations ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
   UPDATE operations SET number = ranked.number
     FROM (SELECT id, row_number() OVER (ORDER BY started_at, id) AS number FROM operations) AS ranked
    WHERE ranked.id = operations.id;
   CREATE INDEX operations_by_number ON operations (number);`;
