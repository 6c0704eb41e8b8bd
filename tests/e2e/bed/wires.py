"""The wires that the scripted upstream speaks: where each is, and a Turn as its messages."""

import json

from bed import gemini, responses, turns


def messages_error(turn):
    return {"type": "error", "error": {"type": turn.kind, "message": turn.message}}


def openai_error(turn):
    return {"error": {"type": turn.kind, "message": turn.message, "code": None}}


# wire: path of the provider's URL, messages of a stream, whole answer, error's body, error as a message
WIRES = {
    "messages": ("/v1/messages", turns.message_events, turns.message_body, messages_error,
                 lambda turn: turns.event(messages_error(turn))),
    "chat": ("/v1/chat/completions", turns.chat_events, turns.chat_body, openai_error,
             lambda turn: turns.chunk(openai_error(turn))),
    "responses": ("/v1/responses", responses.events, responses.body, openai_error, responses.error_message),
    "gemini": ("/v1beta/models/", gemini.events, gemini.body, gemini.error_body,
               lambda turn: turns.chunk(gemini.error_body(turn))),
}


def path(wire):
    return WIRES[wire][0]


def wire_of(asked):
    """The wire of a request's path; Chat where nothing tells."""
    return next((wire for wire, (known, *_) in WIRES.items() if known in asked), "chat")


def stream(turn, wire, model):
    return WIRES[wire][1](turn, model)


def whole(turn, wire, model):
    return json.dumps(WIRES[wire][2](turn, model)).encode()


def error_body(turn, wire):
    return WIRES[wire][3](turn)


def error_message(turn, wire):
    return WIRES[wire][4](turn)
