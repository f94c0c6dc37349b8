import { describe, expect, it } from "vitest";
import { blueprint, environment, only, placeOf, validate } from "./blueprint/documents.ts";

function withArgocd(fields: string, repository = "https://git.example.com/shop/deploy"): string {
  const components = [
    "vpc: { type: vpc }",
    "cluster: { type: cluster, network: vpc }",
    `argocd: { type: argocd, cluster: cluster, repository: "${repository}"${fields} }`,
  ].join("\n");
  return `${blueprint({ components })}---\n${environment()}`;
}

describe("bad input: Argo CD", () => {
  it("55: a password that is written down is refused where it stands, and not shown", () => {
    const text = withArgocd(", repositoryCredentials: { username: robot, password: hunter2 }");
    const problem = only(validate(text).problems);
    expect(problem).toMatchObject({
      code: "bad-secret-reference",
      position: placeOf(text, "hunter2"),
      allowed: "a secret parameter: ${parameters.repositoryToken}",
    });
    expect(JSON.stringify(problem)).not.toContain("hunter2");
  });

  it("55: a key that is written down is refused", () => {
    const text = withArgocd(
      ', repositoryCredentials: { sshPrivateKey: "-----BEGIN" }',
      "ssh://git@example.com/a",
    );
    expect(only(validate(text).problems)).toMatchObject({ code: "bad-secret-reference" });
  });

  it("55: a password in the address is refused, and not shown", () => {
    const problem = only(validate(withArgocd("", "https://robot:hunter2@git.example.com/a")).problems);
    expect(problem).toMatchObject({ code: "secret-in-plain-sight" });
    expect(JSON.stringify(problem)).not.toContain("hunter2");
  });

  it("55: credentials that hold nothing are refused", () => {
    expect(only(validate(withArgocd(", repositoryCredentials: { username: robot }")).problems)).toMatchObject(
      {
        code: "missing-key",
        allowed: "password, or sshPrivateKey",
      },
    );
  });

  it("a secret parameter is taken", () => {
    const components = [
      "vpc: { type: vpc }",
      "cluster: { type: cluster, network: vpc }",
      'argocd: { type: argocd, cluster: cluster, repository: "https://git.example.com/a", repositoryCredentials: { password: "${parameters.token}" } }',
    ].join("\n");
    const parameters = "token: { type: string, secret: true }";
    const text = blueprint({ components, parameters });
    const given = environment({ parameters: "{ token: { fromEnv: GIT_TOKEN } }" });
    expect(validate(text, given).problems).toEqual([]);
  });

  it.each([
    [', namespaces: ["Shop"]', "a namespace, or a pattern: shop, shop-*, *"],
    [
      ', clusterResources: ["namespaces"]',
      "a kind: Namespace, apiextensions.k8s.io/CustomResourceDefinition",
    ],
  ])("%s is refused with the form", (fields, allowed) => {
    expect(only(validate(withArgocd(fields)).problems)).toMatchObject({ code: "bad-value", allowed });
  });
});
