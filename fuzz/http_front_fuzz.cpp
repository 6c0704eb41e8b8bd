// What a client's bytes meet first: the head of a request, a chunked body, a packed one. Nothing is
// read past their ends, any split gives the same, and what is accepted can be read in one way only.
// The first byte chooses one, the second is the size of the pieces, less one.
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "net/chunk_decoder.h"
#include "net/inflater.h"
#include "net/request_head.h"

namespace {

using namespace ccr;

void require(bool holds, const char* what) {
    if (holds) return;
    fmt::print(stderr, "violated: {}\n", what);
    std::abort();
}

// --- heads ---

net::HeadScanner::State scan(std::string_view bytes, std::size_t step, std::size_t& length) {
    net::HeadScanner scanner;
    for (std::size_t end = std::min(step, bytes.size());;
         end = std::min(end + step, bytes.size())) {
        // An allocation of its own, so that a sanitizer sees its end.
        const std::vector<char> copy(bytes.begin(),
                                     bytes.begin() + static_cast<std::ptrdiff_t>(end));
        const auto state = scanner.scan({copy.data(), copy.size()});
        length = scanner.length();
        if (state != net::HeadScanner::State::incomplete || end == bytes.size()) return state;
    }
}

std::size_t count_of(const net::Headers& headers, std::string_view name) {
    std::size_t count = 0;
    for (const auto& [field, value] : headers) count += net::iequals(field, name) ? 1u : 0u;
    return count;
}

// RFC 9112 section 6.3: two readers must not see the end of a body in two places.
void require_one_reading(const net::ParsedHead& parsed) {
    const net::Headers& headers = parsed.head.headers;
    require(count_of(headers, "host") <= 1, "one Host");
    require(count_of(headers, "content-length") <= 1, "one length");
    require(count_of(headers, "transfer-encoding") <= 1, "one coding");
    require(!headers.get("content-length") || !headers.get("transfer-encoding"),
            "a length or a coding, not both");
    require((parsed.body.kind == net::BodyKind::chunked) ==
                headers.get("transfer-encoding").has_value(),
            "a coding is chunked");
    const auto length = headers.get("content-length");
    require(parsed.body.kind != net::BodyKind::length || length, "a length is the body's");
    // Whoever reads the digits alone must see the same body.
    require(!length || std::string(*length).find_first_not_of("0123456789") == std::string::npos,
            "a length is its digits");
    require(!length || std::stoull(std::string(*length)) == parsed.body.length,
            "... and what they say");
    for (const auto& [name, value] : headers) {
        require(!name.empty() && name.find_first_of(" \t\r\n:") == std::string::npos,
                "a name is a token");
        require(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos,
                "a value is one line");
    }
    require(parsed.head.target.find_first_of(" \t\r\n") == std::string::npos,
            "a target is one word");
    require(!parsed.head.method.empty(), "a method");
}

void run_head(std::string_view bytes, std::size_t step) {
    std::size_t whole = 0, pieces = 0;
    const auto state = scan(bytes, bytes.size(), whole);
    require(scan(bytes, step, pieces) == state, "any split gives the same state");
    (void)net::target_of(bytes);
    if (state != net::HeadScanner::State::complete) return;
    require(whole == pieces && whole <= bytes.size(), "... and the same end");
    const std::vector<char> copy(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(whole));
    const auto parsed = net::parse_head({copy.data(), copy.size()});
    if (parsed)
        require_one_reading(*parsed);
    else
        require(!parsed.error().message.empty(), "a refusal says why");
}

// --- chunked bodies ---

struct Body {
    std::string data;
    std::size_t consumed = 0;
    bool done = false, refused = false;
    bool operator==(const Body&) const = default;
};

Body decoded(std::string_view bytes, std::size_t step) {
    net::ChunkDecoder decoder;
    Body out;
    for (std::size_t at = 0; at < bytes.size() && !out.refused; at += step) {
        const std::string_view piece = bytes.substr(at, step);
        const std::vector<char> copy(piece.begin(), piece.end());
        std::string_view rest(copy.data(), copy.size());
        while (!rest.empty() && !decoder.done()) {
            const auto taken = decoder.next(rest);
            out.refused = !taken;
            if (out.refused) break;
            require(taken->consumed > 0 && taken->consumed <= rest.size(),
                    "it takes what is there");
            out.data += taken->data;
            out.consumed += taken->consumed;
            rest.remove_prefix(taken->consumed);
        }
    }
    out.done = decoder.done();
    if (out.refused) out.consumed = 0;  // how much was taken before depends on the pieces
    return out;
}

void run_chunks(std::string_view bytes, std::size_t step) {
    const Body whole = decoded(bytes, bytes.size());
    require(decoded(bytes, step) == whole && decoded(bytes, 1) == whole,
            "any split gives the same");
    require(whole.data.size() <= bytes.size(), "a body is no longer than its coding");
}

// --- packed bodies ---

constexpr std::size_t kMost = 1 << 20;  // bytes that are unpacked

std::string inflated(std::string_view bytes, std::size_t step, bool& refused) {
    net::Inflater inflater;
    std::string out;
    for (std::size_t at = 0; at < bytes.size() && !refused && out.size() < kMost; at += step) {
        const std::string_view piece = bytes.substr(at, step);
        const std::vector<char> copy(piece.begin(), piece.end());
        inflater.give({copy.data(), copy.size()});
        for (;;) {
            const auto some = inflater.take();
            refused = !some;
            if (refused || some->empty() || out.size() >= kMost) break;
            require(some->size() <= net::Inflater::kPiece, "pieces are bounded");
            out += *some;
        }
    }
    return out.substr(0, kMost);
}

void run_packed(std::string_view bytes, std::size_t step) {
    bool whole_refused = false, pieces_refused = false;
    const std::string whole = inflated(bytes, bytes.size(), whole_refused);
    const std::string pieces = inflated(bytes, step, pieces_refused);
    if (whole.size() == kMost || pieces.size() == kMost) return;  // the rest was not looked at
    require(whole_refused == pieces_refused, "any split is refused or none");
    if (!whole_refused) require(whole == pieces, "any split gives the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
    const std::size_t step = data[1] + std::size_t{1};
    if (data[0] % 4 <= 1)
        run_head(bytes, step);
    else if (data[0] % 4 == 2)
        run_chunks(bytes, step);
    else
        run_packed(bytes, step);
    return 0;
}
