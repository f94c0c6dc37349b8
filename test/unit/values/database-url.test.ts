import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { formatDatabaseUrl, parseDatabaseUrl } from "../../../src/values/database-url.ts";

const urlOf = (text: string) => {
  const parsed = parseDatabaseUrl(text);
  return parsed.ok ? parsed.url : expect.fail(parsed.refusal.message);
};

describe("the URL of a database", () => {
  it("is read into its parts, encrypted and checked against the server's name unless it says otherwise", () => {
    const url = urlOf("postgresql://ada%40corp@db.example.com/shop%20ledger");
    expect(url).toEqual({
      host: "db.example.com",
      port: 5432,
      user: "ada@corp",
      database: "shop ledger",
      tls: "verify-full",
    });
    expect(formatDatabaseUrl(url)).toBe(
      "postgresql://ada%40corp@db.example.com:5432/shop%20ledger?sslmode=verify-full",
    );
  });

  it.each([
    ["postgres://127.0.0.1:5433/a", "127.0.0.1", "postgresql://127.0.0.1:5433/a?sslmode=disable"],
    ["postgres://[::1]/a", "::1", "postgresql://[::1]:5432/a?sslmode=disable"],
    ["postgres://localhost/a?sslmode=require", "localhost", "postgresql://localhost:5432/a?sslmode=require"],
    [
      "postgresql:///a?host=/run/postgresql",
      "/run/postgresql",
      "postgresql://localhost:5432/a?host=%2Frun%2Fpostgresql",
    ],
  ])("may go without encryption on this machine: %s", (text, host, formatted) => {
    const url = urlOf(text);
    expect(url.host).toBe(host);
    expect(formatDatabaseUrl(url)).toBe(formatted);
    expect(urlOf(formatted)).toEqual(url);
  });

  it("keeps its password to itself", () => {
    const url = urlOf("postgresql://ada:p%40ss%2Fword@localhost/a");
    expect(url.password?.reveal()).toBe("p@ss/word");
    expect(`${inspect(url, { depth: 9 })} ${JSON.stringify(url)} ${formatDatabaseUrl(url)}`).not.toMatch(
      /p@ss|p%40/,
    );
  });

  it.each([
    ["", "this is no URL"],
    ["db.example.com/shop", "this is no URL"],
    ["postgres://ada:pa/ss@localhost/a", "this is no URL"],
    ["mysql://localhost/a", "mysql:// is no database that terrane knows"],
    ["https://localhost/a", "https:// is no database that terrane knows"],
    ["postgres://localhost", "the name of the database is missing"],
    ["postgres://localhost/", "the name of the database is missing"],
    ["postgres:///a", "the host is missing"],
    ["postgres://localhost/a/b", "the name of the database holds a slash"],
    ["postgres://localhost/a#b", "a # does not belong here: write %23 for one in a password"],
    ["postgres://localhost/%zz", "a % is not followed by two hexadecimal digits: write %25 for it"],
    ["postgres://localhost/a?ssl=true", 'the parameter "ssl" is not known'],
    ["postgres://localhost/a?sslmode=disable&sslmode=require", 'the parameter "sslmode" stands there twice'],
    ["postgres:///a?host=db.example.com", "host= names the folder of a socket, from the root on"],
    ["postgres://localhost/a?sslrootcert=ca.pem", "sslrootcert= names a file, from the root on"],
    ["postgres://localhost/a?sslmode=on", "sslmode=on is not known"],
    [
      "postgres://db.example.com/a?sslmode=prefer",
      "sslmode=prefer goes without encryption where the server has none",
    ],
    [
      "postgres://ada:hunter2@db.example.com/a?sslmode=disable",
      "sslmode=disable sends everything in clear to db.example.com, which is not this machine",
    ],
    [
      "postgres://127.0.0.1.example.com/a?sslmode=disable",
      "sslmode=disable sends everything in clear to 127.0.0.1.example.com, which is not this machine",
    ],
  ])("72: %s is refused", (text, message) => {
    const parsed = parseDatabaseUrl(text);
    expect(parsed).toMatchObject({
      ok: false,
      refusal: { code: "bad-url", message, allowed: expect.any(String) },
    });
    expect(JSON.stringify(parsed)).not.toContain("hunter2");
  });
});
