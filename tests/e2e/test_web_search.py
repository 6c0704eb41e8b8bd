"""A client's web search by Anthropic, run by whatever provider the request goes to, and what was found in the client's shape."""

import json

from bed.marks import equal, test
from bed.raw import question
from bed.service import Service, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

HTTP = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{}"
TOOL = {"type": "web_search_20250305", "name": "web_search", "max_uses": 8}
URL, TITLE = "https://example.org/a", "A page"
CITATION = {"url": URL, "title": TITLE, "start_index": 0, "end_index": 4}

# wire: what the provider is asked for, and its answer with what it found
FOUND = {
    "chat": ({"type": "openrouter:web_search"}, {
        "id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [{"index": 0, "finish_reason": "stop", "message": {
            "role": "assistant", "content": "Read this.", "annotations": [{"type": "url_citation", "url_citation": CITATION}]}}]}),
    "responses": ({"type": "web_search"}, {
        "id": "r", "object": "response", "created_at": 1, "status": "completed", "model": "m", "output": [
            {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"type": "search", "query": "news"}},
            {"type": "message", "id": "m_1", "role": "assistant", "status": "completed", "content": [
                {"type": "output_text", "text": "Read this.", "annotations": [{"type": "url_citation", **CITATION}]}]}]}),
    "gemini": ({"googleSearch": {}}, {
        "candidates": [{"index": 0, "finishReason": "STOP", "content": {"role": "model", "parts": [{"text": "Read this."}]},
                        "groundingMetadata": {"webSearchQueries": ["news"], "groundingChunks": [{"web": {"uri": URL, "title": TITLE}}]}}]}),
}


def check_wire(wire):
    wanted, found = FOUND[wire]
    body = json.dumps(found)
    with Upstream(lambda seen: Turn(raw=HTTP.format(len(body), body).encode())) as upstream:
        config = providers_of(upstream, wire)
        if wire == "chat":
            config["Providers"][0]["preset"] = "openrouter"
        with Service(config) as service:
            answer = service.request("POST", "/v1/messages", question("Search for news.", tools=[TOOL]))
            equal(answer.status, 200, answer.body[:300])
            equal(upstream.seen[-1].json["tools"], [wanted], f"tools to {wire}")
            blocks = {block["type"]: block for block in answer.json["content"]}
            equal(blocks["text"]["text"], "Read this.", "text")
            result = blocks["web_search_tool_result"]
            equal(result["tool_use_id"], blocks["server_tool_use"]["id"], "whose result it is")
            equal([(hit["type"], hit["url"], hit["title"]) for hit in result["content"]], [("web_search_result", URL, TITLE)], "hits")


@test()
def a_search_is_run_by_each_kind_of_provider_and_told_as_anthropics_own():
    for wire in FOUND:
        check_wire(wire)


@test()
def a_search_that_a_provider_tells_as_a_tool_call_is_no_call_for_the_client():
    call = {"id": "c1", "type": "web_search", "function": {"name": "step_websearch", "arguments": "{\"keyword\":\"news\"}",
                                                          "results": [{"index": 0, "url": URL, "title": TITLE, "summary": "s"}]}}
    chunks = [{"delta": {"role": "assistant", "tool_calls": [call]}, "finish_reason": ""},
              {"delta": {"content": "Read this."}, "finish_reason": ""}, {"delta": {"content": ""}, "finish_reason": "stop"}]
    events = "".join(f"data: {json.dumps({'id': 'c', 'choices': [{'index': 0, **chunk}]})}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
    head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
    with Upstream(lambda seen: Turn(raw=(head + events).encode())) as upstream:
        config = providers_of(upstream, "chat")
        config["Providers"][0]["preset"] = "stepfun"
        with Service(config) as service:
            answer = service.request("POST", "/v1/messages", question("Search for news.", stream=True, tools=[TOOL]))
            equal(answer.status, 200, answer.body[:300])
            equal(upstream.seen[-1].json["tools"][0]["type"], "web_search", "tool to the provider")
            text = answer.body.decode() if isinstance(answer.body, bytes) else answer.body
            equal(['"web_search_tool_result"' in text, URL in text, '"type":"tool_use"' in text, '"end_turn"' in text],
                  [True, True, False, True], "what the client is told")
