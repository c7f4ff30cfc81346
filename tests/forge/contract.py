"""Holds what the tests asked the forge in `tests/support/forge.rs`, and what it answered, to the descriptions that the
forges publish.

    contract.py --github api.github.com.json --graphql schema.graphql --forgejo swagger.v1.json [--gitlab openapi.json] RECORD

A request of the program is held strictly: its path, method and query parameters are described, and its body has no property
but those of the description. A response is held loosely, because the forge of the tests leaves out most of what a real one
sends: its status is described, it has nothing that is not described, what it has is of the right type, and what the program
reads is there. Tolerated besides: the statuses in `ANYWHERE` and `UNDESCRIBED`, with any error message; and the requests of
other clients, of which forges take more than they describe (a bare array of labels).
"""

import argparse
import collections
import json
import re
import sys
import urllib.parse

import graphql
import jsonschema
import referencing
import referencing.jsonschema

# Missing token, missing right, not found, rate limit, and faults of the server are not described for each operation.
ANYWHERE = {401, 403, 404, 429, 500, 502, 503}

# What forges answer and do not describe for the operation: GitHub has no commit of that id.
UNDESCRIBED = {("/repos/{owner}/{repo}/commits/{commit_sha}/pulls", 422)}

# Where an API begins, on each forge.
PREFIX = re.compile("^/api/v[134](?=/)")

# What the program reads, by the last part of the path that is no parameter.
READ = {
    "github": {
        "pulls": ["number", "html_url", "title", "body", "state", "head/ref", "head/repo/full_name", "base/ref"],
        "releases": ["id", "html_url", "tag_name", "body", "draft", "upload_url"],
        "assets": ["id", "name", "size", "state"],
        "comments": ["body"],
    },
    "forgejo": {
        "pulls": ["number", "html_url", "title", "body", "state", "head/ref", "head/repo/full_name", "base/ref"],
        "releases": ["id", "html_url", "tag_name", "body", "draft"],
        "assets": ["id", "name", "size"],
        "comments": ["body"],
        "labels": ["id", "name"],
    },
    "gitlab": {
        "merge_requests": ["iid", "web_url", "title", "description", "state", "source_branch", "target_branch"],
        "releases": ["tag_name", "description", "_links/self"],
        "links": ["id", "name"],
        "notes": ["body"],
    },
}


def variant(node, closed, loose):
    """The description with no property but those described, and with `nullable` as JSON Schema has it."""
    if isinstance(node, list):
        return [variant(item, closed, loose) for item in node]
    if not isinstance(node, dict):
        return node
    made = {}
    for key, value in node.items():
        if key == "properties" and isinstance(value, dict):
            made[key] = {name: variant(item, closed, loose) for name, item in value.items()}
        elif key == "required" and isinstance(value, list) and loose:
            continue
        elif key == "oneOf" and loose:
            made["anyOf"] = variant(value, closed, loose)
        else:
            made[key] = variant(value, closed, loose)
    if closed and isinstance(made.get("properties"), dict):
        made.setdefault("additionalProperties", False)
    if made.pop("nullable", None) is True:
        made = {"anyOf": [{"type": "null"}, made]}
    return made


class Description:
    """One forge's API, as OpenAPI 3.0 or Swagger 2.0."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.doc = json.load(file)
        specification = referencing.jsonschema.DRAFT4
        self.registry = referencing.Registry()
        for name, loose in [("request:", False), ("answer:", True)]:
            resource = specification.create_resource(variant(self.doc, True, loose))
            self.registry = self.registry.with_resource(name, resource)
        base = self.doc.get("basePath", "").rstrip("/")
        self.templates = []
        for template in self.doc["paths"]:
            whole = base + template
            whole = PREFIX.sub("", whole)
            pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(whole))
            self.templates.append((whole.count("{"), re.compile(pattern + "$"), template))
        self.templates.sort(key=lambda entry: entry[0])

    def template(self, method, path):
        for _, pattern, template in self.templates:
            if pattern.match(path) and method.lower() in self.doc["paths"][template]:
                return template
        return None

    def resolved(self, node):
        while "$ref" in node:
            found = self.doc
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            node = found
        return node

    def violations(self, which, pointer, value):
        """What is wrong with a value by the schema at this pointer, in words."""
        schema = {"$ref": which + "#" + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in pointer)}
        validator = jsonschema.Draft4Validator(schema, registry=self.registry)
        for error in validator.iter_errors(value):
            yield f"{error.json_path}: {error.message[:300]}"


def parameters(description, template, operation):
    shared = description.doc["paths"][template].get("parameters", [])
    return [description.resolved(it) for it in shared + operation.get("parameters", [])]


def query_problems(known, query):
    known = {it["name"]: it for it in known if it["in"] == "query"}
    for name, values in query.items():
        if name not in known:
            yield f"the query parameter `{name}` is not described"
            continue
        schema = known[name].get("schema", known[name])
        if schema.get("type") == "integer" and not values[0].isdigit():
            yield f"the query parameter `{name}` is no integer: {values[0]}"
        if "enum" in schema and values[0] not in schema["enum"]:
            yield f"the query parameter `{name}` may not be `{values[0]}`"
    for name, it in known.items():
        if it.get("required") and name not in query:
            yield f"the query parameter `{name}` is required"


def body_problems(description, template, method, operation, exchange):
    kind = (exchange["type"] or "").split(";")[0]
    if exchange["body"] is None and not kind:
        return
    at = ["paths", template, method]
    if "requestBody" in operation:
        content = operation["requestBody"].get("content", {})
        if kind not in content:
            yield f"the body may not be `{kind}`"
        elif kind == "application/json":
            at += ["requestBody", "content", kind, "schema"]
            yield from description.violations("request:", at, exchange["body"])
        return
    bodies = [(i, it) for i, it in enumerate(operation.get("parameters", [])) if it.get("in") == "body"]
    forms = {it["name"]: it for it in operation.get("parameters", []) if it.get("in") == "formData"}
    if kind == "application/json" and bodies:
        at += ["parameters", bodies[0][0], "schema"]
        yield from description.violations("request:", at, exchange["body"])
    elif kind == "application/json" and forms:
        for name in exchange["body"]:
            if name not in forms:
                yield f"the field `{name}` is not described"
    elif kind not in operation.get("consumes", []):
        yield f"the body may not be `{kind}`"


def answer_problems(description, template, method, operation, exchange):
    status, answer = exchange["status"], exchange["answer"]
    described = operation["responses"].get(str(status))
    if described is None:
        if status not in ANYWHERE and (template, status) not in UNDESCRIBED:
            yield f"it does not answer with status {status}"
        return
    if status >= 400:
        return
    at = ["paths", template, method, "responses", str(status)]
    if "$ref" in described:
        at = described["$ref"].removeprefix("#/").split("/")
        described = description.resolved(described)
    if "content" in described:
        at += ["content", "application/json"]
        described = described["content"].get("application/json", {})
    if "schema" not in described:
        if answer is not None:
            yield f"status {status} has no body"
        return
    yield from description.violations("answer:", at + ["schema"], answer)
    last = [part for part in template.split("/") if not part.startswith("{")][-1]
    for entry in answer if isinstance(answer, list) else [answer]:
        for pointer in READ[exchange["dialect"]].get(last, []):
            if not has(entry, pointer.split("/")):
                yield f"the response has no `{pointer}`"


def has(value, parts):
    for part in parts:
        if not isinstance(value, dict) or part not in value:
            return False
        value = value[part]
    return True


def problems(description, exchange):
    url = urllib.parse.urlsplit(exchange["url"])
    path = PREFIX.sub("", url.path)
    template = description.template(exchange["method"], path)
    if template is None:
        yield "it is not described"
        return
    method = exchange["method"].lower()
    operation = description.doc["paths"][template][method]
    query = urllib.parse.parse_qs(url.query, keep_blank_values=True)
    if (exchange["agent"] or "").startswith("cargo-release"):
        for problem in query_problems(parameters(description, template, operation), query):
            yield f"request: {problem}"
        for problem in body_problems(description, template, method, operation, exchange):
            yield f"request: {problem}"
    for problem in answer_problems(description, template, method, operation, exchange):
        yield f"response: {problem}"


class GraphQL:
    """GitHub's other API: the query, its variables, and what was answered, by the schema."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            # GitHub lists two fields twice.
            self.schema = graphql.build_schema(file.read(), assume_valid_sdl=True)

    def problems(self, exchange):
        if exchange["body"].keys() - {"query", "variables", "operationName"}:
            yield "request: it has more than a query and variables"
        document = graphql.parse(exchange["body"]["query"])
        for error in graphql.validate(self.schema, document):
            yield f"request: {error.message}"
        answer = exchange["answer"] or {}
        if exchange["status"] != 200 or answer.get("errors"):
            return
        # Read by the schema, the response is what it was: nothing in it is unknown, and nothing that was asked for is missing.
        variables = exchange["body"].get("variables")
        said = graphql.execute_sync(
            self.schema,
            document,
            root_value=answer["data"],
            variable_values=variables,
            # Any of the types of an interface has the fields that are asked for.
            type_resolver=lambda value, info, kind: self.schema.get_possible_types(kind)[0].name,
        )
        for error in said.errors or []:
            yield f"variables or response: {error.message}"
        if said.data != answer["data"]:
            yield "response: it has more or less than was asked for"


def main():
    parser = argparse.ArgumentParser()
    for name in ["github", "graphql", "forgejo", "gitlab"]:
        parser.add_argument(f"--{name}")
    parser.add_argument("record")
    arguments = vars(parser.parse_args())
    with open(arguments["record"], encoding="utf-8") as file:
        record = [json.loads(line) for line in file]
    schema = arguments.pop("graphql")
    queries = GraphQL(schema) if schema else None
    descriptions = {name: Description(path) for name, path in arguments.items() if name != "record" and path}
    counted, found, seen = collections.Counter(), collections.Counter(), collections.defaultdict(set)
    for exchange in record:
        name = exchange["dialect"]
        if exchange["url"].endswith("/graphql") and queries:
            name = "graphql"
        counted[name] += 1
        if name == "graphql":
            seen[name].add("mutation")
            for problem in queries.problems(exchange):
                found[f"{name}: {problem}"] += 1
            continue
        if name not in descriptions:
            continue
        path = re.sub(r"/\d+", "/N", PREFIX.sub("", exchange["url"].split("?")[0]))
        seen[name].add(f"{exchange['method']} {path}")
        for problem in problems(descriptions[name], exchange):
            found[f"{name}: {exchange['method']} {path}: {problem}"] += 1
    for problem, times in sorted(found.items()):
        print(f"error: {problem} ({times} times)")
    for name, count in sorted(counted.items()):
        held = f"{len(seen[name])} operations" if seen[name] else "not held to a description: none was given"
        print(f"{name}: {count} exchanges, {held}")
    expected = set(descriptions) | ({"graphql"} if queries else set())
    if missing := expected - set(counted):
        sys.exit(f"error: nothing was recorded of {', '.join(sorted(missing))}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
