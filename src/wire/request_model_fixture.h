// Requests seen through a JSON library that is not ours: what they mean, random ones, and what in a
// Chat request does not belong there. For tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/random_json_fixture.h"

namespace ccr::wire {

enum class Texts : bool { as_they_are, joined };  // joined: neighbouring texts count as one

/// What differs in meaning between two Messages requests, as a JSON patch; empty when nothing does.
/// Model, stream and spellings of the same thing (a string for one text block) do not count.
std::string difference(std::string_view messages_a, std::string_view messages_b,
                       Texts texts = Texts::as_they_are);

/// A Messages request with anything a client may send, foreign thinking left out.
std::string random_messages_request(json::Random& r);

/// A Chat request of what the hub carries to Chat and back whole.
std::string random_chat_request(json::Random& r);

/// Members of a Chat request that the API reference does not know, and Anthropic's inside them.
std::vector<std::string> foreign_to_chat(std::string_view chat_request);

/// Every text of the messages of a Chat request, in order, one to a line.
std::string texts_of_chat(std::string_view chat_request);

/// Indented, members in their order.
std::string indented(std::string_view json);

}  // namespace ccr::wire
