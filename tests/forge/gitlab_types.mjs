// Holds what the tests asked the forge of the tests as GitLab, and what it answered, to the types of @gitbeaker/core: GitLab
// publishes its description in no package, and this client's types are written from it by others.
//
//   node gitlab_types.mjs DIRECTORY RECORD
//
// DIRECTORY has @gitbeaker/core and typescript in its node_modules. Each request and response becomes a line of TypeScript,
// and the compiler says what has no place in the types. Responses may lack most of what a real one has.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [directory, record] = process.argv.slice(2);
const ts = createRequire(join(directory, "/"))("typescript");

const PAGE = "{ page?: string; perPage?: string }";
const MERGE = "MergeRequestSchema";
// Method, path after the project, type of the query or body, type of the answer.
const OPERATIONS = [
  ["GET", /^\/merge_requests$/, `Text<AllMergeRequestsOptions> & ${PAGE}`, `${MERGE}[]`],
  ["POST", /^\/merge_requests$/, "CreateMergeRequestOptions & { sourceBranch: string; targetBranch: string }", MERGE],
  ["GET", /^\/merge_requests\/\d+$/, "{}", MERGE],
  ["PUT", /^\/merge_requests\/\d+$/, "EditMergeRequestOptions", MERGE],
  ["GET", /^\/merge_requests\/\d+\/notes$/, PAGE, "MergeRequestNoteSchema[]"],
  ["POST", /^\/merge_requests\/\d+\/notes$/, "{ body: string }", "MergeRequestNoteSchema"],
  ["GET", /^\/issues\/\d+\/notes$/, PAGE, "NoteSchema[]"],
  ["POST", /^\/issues\/\d+\/notes$/, "{ body: string }", "NoteSchema"],
  ["GET", /^\/repository\/commits\/[0-9a-f]+\/merge_requests$/, "{}", `${MERGE}[]`],
  ["GET", /^\/releases$/, PAGE, "ReleaseSchema[]"],
  ["GET", /^\/releases\/[^/]+$/, "{}", "ReleaseSchema"],
  // The client takes anything here; what is named is of the right type.
  ["POST", /^\/releases$/, "{ name?: string; tagName: string; description?: string; ref?: string }", "ReleaseSchema"],
  ["GET", /^\/releases\/[^/]+\/assets\/links$/, PAGE, "ReleaseLinkSchema[]"],
  ["POST", /^\/releases\/[^/]+\/assets\/links$/, "NonNullable<Parameters<ReleaseLinks['create']>[4]> & { name: string; url: string }", "ReleaseLinkSchema"],
];
// Uploads of files, deletions and refusals have no type.
const UNTYPED = [/^PUT \/packages\/generic\//, /^DELETE /];

const camel = (value) => {
  if (Array.isArray(value) || value === null || typeof value !== "object") return value;
  const name = (key) => key.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [name(key), camel(inner)]));
};

const lines = new Map();
const unknown = new Set();
let exchanges = 0;
for (const line of readFileSync(record, "utf8").split("\n").filter(Boolean)) {
  const exchange = JSON.parse(line);
  if (exchange.dialect !== "gitlab" || !exchange.agent?.startsWith("cargo-release")) continue;
  exchanges += 1;
  const url = new URL(exchange.url, "http://forge");
  const path = url.pathname.replace("/api/v4/projects/acme%2Ftea", "");
  const said = `${exchange.method} ${path}`;
  const operation = OPERATIONS.find(([method, pattern]) => method === exchange.method && pattern.test(path));
  if (!operation) {
    if (!UNTYPED.some((pattern) => pattern.test(said))) unknown.add(said);
    continue;
  }
  const asked = exchange.method === "GET" ? Object.fromEntries(url.searchParams) : exchange.body;
  const at = lines.size;
  lines.set(`const asked${at}: ${operation[2]} = ${JSON.stringify(camel(asked))};`, `request: ${said}`);
  if (exchange.status < 300) {
    lines.set(`const answered${at}: Part<${operation[3]}> = ${JSON.stringify(exchange.answer)};`, `response: ${said}`);
  }
}

const head = [
  `import type { ${[MERGE, "MergeRequestNoteSchema", "NoteSchema", "ReleaseSchema", "ReleaseLinkSchema", "ReleaseLinks", "AllMergeRequestsOptions", "CreateMergeRequestOptions", "EditMergeRequestOptions"].join(", ")} } from "@gitbeaker/core";`,
  "type Known<T> = { [K in keyof T as string extends K ? never : K]: T[K] };",
  "type Part<T> = T extends (infer U)[] ? Part<U>[] : T extends object ? { [K in keyof Known<T>]?: Part<Known<T>[K]> } : T;",
  "type Text<T> = { [K in keyof T]?: string };",
];
const source = join(directory, "exchanges.mts");
writeFileSync(source, [...head, ...lines.keys()].join("\n"));
const program = ts.createProgram([source], {
  noEmit: true, strict: true, skipLibCheck: true, module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext, target: ts.ScriptTarget.ES2022, types: [],
});
const wrong = new Map();
for (const problem of ts.getPreEmitDiagnostics(program)) {
  const line = problem.file?.getLineAndCharacterOfPosition(problem.start).line;
  const where = [...lines.values()][line - head.length] ?? "the types";
  const said = `error: gitlab: ${where.replace(/\d+/g, "N")}: ${ts.flattenDiagnosticMessageText(problem.messageText, " ").slice(0, 300)}`;
  wrong.set(said, (wrong.get(said) ?? 0) + 1);
}
for (const said of unknown) wrong.set(`error: gitlab: ${said}: no operation of the client`, 1);
for (const [said, times] of wrong) console.log(`${said} (${times} times)`);
console.log(`gitlab: ${exchanges} exchanges, ${lines.size} different requests and responses`);
process.exit(wrong.size || !exchanges ? 1 : 0);
