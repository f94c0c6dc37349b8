/** An editor without a screen: the language server that editors run for YAML, over its own protocol. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";

interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

const settings = { yaml: { validate: true, completion: true, hover: true, schemaStore: { enable: false } } };
// What the caret of a text is written as; it is taken out before the text is opened.
const caret = "|";

export class Editor {
  readonly #server: ChildProcess;
  readonly #connection: MessageConnection;
  readonly #folder: string;
  readonly #told = new Map<string, (diagnostics: readonly Diagnostic[]) => void>();

  private constructor(folder: string, server: ChildProcess, connection: MessageConnection) {
    this.#folder = folder;
    this.#server = server;
    this.#connection = connection;
    connection.onRequest("workspace/configuration", () => [settings.yaml, {}, {}, {}]);
    connection.onRequest("client/registerCapability", () => null);
    connection.onNotification(
      "textDocument/publishDiagnostics",
      ({ uri, diagnostics }: { uri: string; diagnostics: readonly Diagnostic[] }) =>
        this.#told.get(uri)?.(diagnostics),
    );
  }

  static async open(folder: string): Promise<Editor> {
    const program = createRequire(import.meta.url).resolve("yaml-language-server/bin/yaml-language-server");
    const server = spawn(process.execPath, [program, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    const connection = createMessageConnection(
      new StreamMessageReader(server.stdout),
      new StreamMessageWriter(server.stdin),
    );
    const editor = new Editor(folder, server, connection);
    connection.listen();
    const rootUri = pathToFileURL(folder).href;
    await connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri,
      workspaceFolders: [{ uri: rootUri, name: "project" }],
      capabilities: { textDocument: { publishDiagnostics: {} }, workspace: { configuration: true } },
    });
    await connection.sendNotification("initialized", {});
    await connection.sendNotification("workspace/didChangeConfiguration", { settings });
    return editor;
  }

  /** What is underlined in a text: `line:column message`. */
  async diagnose(file: string, text: string): Promise<readonly string[]> {
    const diagnostics = await this.#show(file, text);
    return diagnostics.map(
      ({ range, message }) => `${range.start.line + 1}:${range.start.character + 1} ${message}`,
    );
  }

  /** What is proposed where a text has its `|`. */
  async complete(file: string, text: string): Promise<readonly string[]> {
    const found = await this.#ask<{ readonly items: readonly { readonly label: string }[] }>(
      "textDocument/completion",
      file,
      text,
    );
    return found.items.map((item) => item.label);
  }

  /** What is told of the place where a text has its `|`. */
  async hover(file: string, text: string): Promise<string> {
    const found = await this.#ask<{ readonly contents: { readonly value: string } }>(
      "textDocument/hover",
      file,
      text,
    );
    return found.contents.value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.dispose();
    const ended = once(this.#server, "exit");
    this.#server.kill();
    await ended;
  }

  async #ask<Answer>(method: string, file: string, text: string): Promise<Answer> {
    const before = text.slice(0, text.indexOf(caret)).split("\n");
    await this.#show(file, text.replace(caret, ""));
    const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
    const answer: Answer = await this.#connection.sendRequest(method, {
      textDocument: { uri: this.#uriOf(file) },
      position,
    });
    return answer;
  }

  async #show(file: string, text: string): Promise<readonly Diagnostic[]> {
    const uri = this.#uriOf(file);
    const { promise, resolve } = Promise.withResolvers<readonly Diagnostic[]>();
    this.#told.set(uri, resolve);
    await this.#connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "yaml", version: 1, text },
    });
    return promise;
  }

  #uriOf(file: string): string {
    return pathToFileURL(`${this.#folder}/${file}`).href;
  }
}
