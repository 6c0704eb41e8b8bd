// Tools and their choice, towards a Responses provider.
#pragma once

#include "chat/conversation.h"
#include "chat/loss.h"
#include "json/writer.h"
#include "wire/openai_responses/tool_shapes.h"

namespace ccr::wire::openai_responses {

/// Writes `tools`, `tool_choice` and `parallel_tool_calls`; nothing where no tool is left.
void encode_tools(json::Writer& w, const chat::Conversation& c, const ToolShapes& shapes,
                  chat::Losses& losses);

/// A tool whose members are sent one by one.
bool is_plain_function(const chat::Tool& tool);

}  // namespace ccr::wire::openai_responses
