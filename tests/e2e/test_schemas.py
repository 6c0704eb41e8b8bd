"""A provider that refuses a request for one keyword in one tool's schema, as Moonshot does: the real client's tools pass."""

from bed.agent_work import DONE, TEXT, tool_loop
from bed.claude import by_hand
from bed.marks import check, equal, test
from bed.service import Service, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

# What may stand beside each type (MoonshotAI/walle, docs/walle.md).
ALLOWED = {"object": {"properties", "required", "additionalProperties"}, "array": {"items", "minItems", "maxItems"},
           "string": {"enum", "minLength", "maxLength"}, "number": {"enum", "minimum", "maximum"},
           "integer": {"enum", "minimum", "maximum"}, "boolean": {"enum"}, "null": set()}


def complaint(schema, at="root"):
    """Why the provider refuses a schema; "" where it does not."""
    if not isinstance(schema, dict):
        return f"At path '{at}': property schema must be an object"
    if "anyOf" in schema:
        if "type" in schema:
            return f"At path '{at}': when using anyOf, type should be defined in anyOf items instead of the parent schema"
        return next(filter(None, (complaint(one, f"{at}.anyOf") for one in schema["anyOf"])), "")
    if schema.get("type") not in ALLOWED:
        return f"At path '{at}': type is not defined"
    strange = set(schema) - ALLOWED[schema["type"]] - {"type", "description"}
    if strange:
        return f"At path '{at}': unsupported keywords: {sorted(strange)}"
    inner = {**schema.get("properties", {}), **{name: schema[name] for name in ("items",) if name in schema}}
    if isinstance(schema.get("additionalProperties"), dict):
        inner["additionalProperties"] = schema["additionalProperties"]
    return next(filter(None, (complaint(one, f"{at}.{name}") for name, one in inner.items())), "")


def strict(script):
    def answer(seen):
        for tool in seen.json.get("tools", []):
            if why := complaint(tool["function"]["parameters"]):
                return Turn(status=400, kind="invalid_request_error",
                            message=f"tools.function.parameters is not a valid moonshot flavored json schema, details: <{why}>")
        return script(seen)
    return answer


def at_moonshot(upstream):
    config = providers_of(upstream)
    config["Providers"][0]["preset"] = "moonshot"
    return Service(config)


@test(limit=120)
def claude_code_works_with_a_provider_of_moonshots_schemas():
    with Upstream(strict(tool_loop)) as upstream, at_moonshot(upstream) as service:
        with by_hand(service, "Carry on. DIR=WORK ") as client:
            client.finish(100)
            equal(client.result, DONE, "the final text")
            equal((client.work / "made.txt").read_text(encoding="utf-8"), TEXT, "the file that the client wrote")
        tools = max(len(seen.json.get("tools", [])) for seen in upstream.seen)
        check(tools > 5, f"the provider was offered {tools} tools")
        return f"{tools} tools"
