// Bedrock's binary stream under any bytes: nothing is read past its end, any split gives the same
// messages, and what is handed to a client is a stream of server-sent events that says the same.
//
// The first byte chooses: even, the rest is the stream; odd, the rest is made into frames with
// right checksums, so that headers and payloads are reached.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cloud/bedrock_stream.h"
#include "net/aws_frame_fixture.h"
#include "net/sse.h"

namespace {

using ccr::net::SseMessage;

struct Outcome {
    std::vector<std::pair<std::string, std::string>> messages;
    std::string raw;
    std::string problem;
    bool good = true;
    bool operator==(const Outcome&) const = default;
};

Outcome read(std::string_view bytes, std::size_t step) {
    ccr::cloud::BedrockStream stream;
    Outcome out;
    for (std::size_t at = 0; at < bytes.size() && out.good; at += step) {
        out.good = stream.feed(bytes.substr(at, step), [&](const SseMessage& message) {
            out.messages.emplace_back(message.event, message.data);
            out.raw += message.raw;
        });
    }
    out.problem = stream.problem();
    return out;
}

std::string_view take(std::string_view& data, std::size_t size) {
    const std::string_view out = data.substr(0, size);
    data.remove_prefix(out.size());
    return out;
}

std::size_t take_length(std::string_view& data) {
    const std::string_view byte = take(data, 1);
    return byte.empty() ? 0 : static_cast<unsigned char>(byte[0]);
}

// kind (1), length (1), bytes: a chunk's payload, an exception, or headers and payload as they are.
std::string frames_of(std::string_view data) {
    using namespace ccr::net::fixture;
    std::string out;
    while (!data.empty()) {
        const std::size_t kind = take_length(data) % 3;
        const std::string_view bytes = take(data, take_length(data));
        if (kind == 0) out += event_frame("chunk", bytes);
        if (kind == 1) out += exception_frame("throttlingException", bytes);
        if (kind == 2) out += framed(bytes.substr(0, bytes.size() / 2), bytes);
    }
    return out;
}

bool says_the_same(const Outcome& got) {
    Outcome again;
    ccr::net::SseParser parser;
    const bool good = parser.feed(got.raw, [&](const SseMessage& message) {
        again.messages.emplace_back(message.event, message.data);
    });
    return good && !parser.pending() && again.messages == got.messages;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    const std::size_t mode = take_length(rest);
    const std::string stream = mode % 2 == 0 ? std::string(rest) : frames_of(rest);
    const Outcome whole = read(stream, std::max<std::size_t>(stream.size(), 1));
    if (!says_the_same(whole)) std::abort();
    for (const std::size_t step : {std::size_t{1}, std::size_t{mode / 2 + 1}}) {
        if (read(stream, step) != whole) std::abort();
    }
    return 0;
}
