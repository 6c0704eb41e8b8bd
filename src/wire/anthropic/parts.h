// Content blocks of the Messages protocol, both ways; shared by requests and replies.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "chat/conversation.h"
#include "chat/loss.h"
#include "json/document.h"
#include "json/writer.h"
#include "wire/place.h"

namespace ccr::wire::anthropic {

/// A `content` or `system` value: a string, an array of blocks (unknown types become Opaque), or
/// absent/null (no parts).
Result<std::vector<chat::Part>> decode_content(json::View content, const Place& where,
                                               Arena& arena);

/// Thinking that another protocol's model made: packed up for a client, who keeps it for us, and
/// left out for a provider, who refuses a signature that is not its own.
enum class ForeignThinking : std::uint8_t { pack, leave_out };

/// Writes parts as an array of blocks. What Messages cannot carry goes to `losses`.
void encode_content(json::Writer& w, const std::vector<chat::Part>& parts, const Place& where,
                    ForeignThinking foreign, chat::Losses& losses);

bool is_foreign_thinking(const chat::Part& part);

/// What a part of another protocol's client says as a text; empty when it says nothing.
chat::Text text_of(const chat::Part& part);

/// Whether encode_content() writes anything for a part of another protocol's client under
/// ForeignThinking::leave_out.
bool is_written(const chat::Part& part);

}  // namespace ccr::wire::anthropic
