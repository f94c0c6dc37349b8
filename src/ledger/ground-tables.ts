/** Table of what stacks stood on when nothing was left to change. */

export const groundTables = `CREATE TABLE stack_grounds (
     environment TEXT NOT NULL,
     stack       TEXT NOT NULL,
     ground      TEXT NOT NULL,
     PRIMARY KEY (environment, stack)
   );`;
