#include "net/chunk_decoder.h"

#include <algorithm>
#include <string>

#include "net/request_lines.h"

namespace ccr::net {
namespace {

constexpr std::size_t kMaxExtra = 16 * 1024;
constexpr unsigned kMaxDigits = 15;  // keeps sums with a size below 2^63

std::unexpected<Error> refuse(std::string_view what) {
    return fail(ErrorKind::invalid_request,
                "The chunked request body is broken: " + std::string(what) + "; send it again.");
}

constexpr int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

Result<ChunkDecoder::Step> ChunkDecoder::next(std::string_view bytes) {
    Step step;
    while (step.consumed < bytes.size() && state_ != State::done) {
        if (state_ == State::data) {
            const auto count = std::min<std::uint64_t>(pending_, bytes.size() - step.consumed);
            step.data = bytes.substr(step.consumed, count);
            step.consumed += count;
            skip(count);
            break;
        }
        TRY_DO(take(bytes[step.consumed++]));
    }
    return step;
}

void ChunkDecoder::skip(std::uint64_t count) {
    pending_ -= count;
    if (pending_ == 0) state_ = State::data_return;
}

Result<void> ChunkDecoder::take(char c) {
    switch (state_) {
        case State::size_first:
        case State::size:
        case State::extension:
            return take_size(c);
        case State::size_feed:
            if (c != '\n') return refuse("a size line does not end in CR LF");
            state_ = pending_ > 0 ? State::data : State::trailer_first;
            return {};
        case State::data_return:
            if (c != '\r') return refuse("a chunk is longer than its size says");
            state_ = State::data_feed;
            return {};
        case State::data_feed:
            if (c != '\n') return refuse("a chunk does not end in CR LF");
            state_ = State::size_first;
            digits_ = 0;
            return {};
        default:
            return take_trailer(c);
    }
}

Result<void> ChunkDecoder::take_size(char c) {
    if (state_ == State::extension) {
        if (c == '\r') {
            state_ = State::size_feed;
            return {};
        }
        if (is_control(c)) return refuse("a chunk extension has control characters");
        return count_extra();
    }
    if (const int digit = hex_value(c); digit >= 0) {
        if (++digits_ > kMaxDigits) return refuse("a chunk size has too many digits");
        pending_ = pending_ * 16 + static_cast<unsigned>(digit);
        state_ = State::size;
        return {};
    }
    if (state_ == State::size_first) return refuse("a chunk size is not a hexadecimal number");
    if (c == '\r') {
        state_ = State::size_feed;
    } else if (c == ';') {
        state_ = State::extension;
    } else {
        return refuse("a chunk size is not a hexadecimal number");
    }
    return {};
}

Result<void> ChunkDecoder::take_trailer(char c) {
    switch (state_) {
        case State::trailer_first:
            if (c == '\r') {
                state_ = State::last_feed;
                return {};
            }
            if (is_control(c) || c == ' ' || c == '\t')
                return refuse("a trailer line is malformed");
            state_ = State::trailer;
            return count_extra();
        case State::trailer:
            if (c == '\r') {
                state_ = State::trailer_feed;
                return {};
            }
            if (is_control(c)) return refuse("a trailer has control characters");
            return count_extra();
        case State::trailer_feed:
            if (c != '\n') return refuse("a trailer does not end in CR LF");
            state_ = State::trailer_first;
            return {};
        default:
            if (c != '\n') return refuse("it does not end in CR LF");
            state_ = State::done;
            return {};
    }
}

Result<void> ChunkDecoder::count_extra() {
    if (++extra_ > kMaxExtra) return refuse("its extensions and trailers are too long");
    return {};
}

}  // namespace ccr::net
