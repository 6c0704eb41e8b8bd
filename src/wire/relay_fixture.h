// What the gateway does with a stream, without the network: bytes in pieces, parsed, decoded,
// checked against the grammar and encoded for a client. For tests.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "json/random_json_fixture.h"
#include "wire/codec.h"

namespace ccr::wire {

inline constexpr Target kTestTarget{"acme", "acme-1", "https://acme.example/v1/chat/completions",
                                    "key", true};

struct Relayed {
    std::string bytes;      // what the client got
    std::string complaint;  // of the grammar guard; empty = none
    int ends = 0;           // Finished and Failed together
    bool finished = false;
    std::optional<Error> failure;
    chat::Reply reply;  // the events folded
};

using Pieces = std::vector<std::string_view>;

/// Volatile parts of the answer (generated ids, times) are made the same in every run.
Relayed relay(const Codec& upstream, const Codec& client, const Pieces& pieces);

/// `text` with generated ids numbered in the order of their appearance, and times set to 0.
std::string without_volatile(std::string text);

/// Cut at one to seven random places.
Pieces randomly_split(json::Random& r, std::string_view text);
Pieces split_into_bytes(std::string_view text);

std::string read_file(const std::filesystem::path& path);
/// Files below tests/ of the repository, sorted; `suffix` filters.
std::vector<std::filesystem::path> test_files(std::string_view folder, std::string_view suffix);
/// Streams written by hand: those of "chat" (messages, responses, gemini) that are no golden answer
/// (".to.").
std::vector<std::filesystem::path> written_streams(std::string_view wire);
/// "calls-interleaved" of ".../calls-interleaved.to.chat.sse".
std::string stem_of(const std::filesystem::path& path);

/// The `body` of a recorded request, or "" where it has none.
std::string recorded_body(const std::filesystem::path& path);

/// A request body decoded by `codec`, with all that its views need.
struct DecodedRequest {
    DecodedRequest(const Codec& codec, std::string body);
    std::string body;
    json::Document document;
    Result<json::View> root;
    Result<chat::Conversation> conversation;
};

}  // namespace ccr::wire
