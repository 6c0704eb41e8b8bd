#include "net/body_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

namespace ccr::net {
namespace {

constexpr std::chrono::seconds kRetryAfterLoad{5};
constexpr std::size_t kDrainBytes = 256 * 1024;
constexpr std::size_t kDirectBytes = 4 * 1024;  // shorter runs of a chunk go through the inbox
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

std::unexpected<Error> too_large(std::size_t limit) {
    return fail(
        ErrorKind::request_too_large,
        fmt::format("The request body is larger than the limit of {} bytes; send a shorter one.",
                    limit));
}

std::unexpected<Error> too_much_held() {
    Error error = make_error(ErrorKind::overloaded,
                             "The requests under way hold as much memory as they may; send this "
                             "one again in a moment.");
    error.fault = Fault::gateway;
    error.retry_after = kRetryAfterLoad;
    return std::unexpected(std::move(error));
}

Error broken_off(Arrival arrival, std::chrono::milliseconds silence) {
    if (arrival == Arrival::timeout) {
        return make_error(ErrorKind::request_timeout,
                          fmt::format("No byte of the request body came for {} ms; send it again.",
                                      silence.count()));
    }
    return make_error(ErrorKind::client_gone,
                      "The client closed its connection before its request was complete.");
}

/// Resizes without touching the new bytes, so that memory is used only as it is filled.
void resize_raw(std::string& text, std::size_t size) {
    text.resize_and_overwrite(size, [](char*, std::size_t count) { return count; });
}

/// Cuts `body` to `size` bytes behind which the padding is readable.
void seal(std::string& body, std::size_t size) {
    if (body.size() < size + kBodyPadding) resize_raw(body, size + kBodyPadding);
    std::memset(body.data() + size, 0, kBodyPadding);
    body.resize(size);
}

/// Room for `more` bytes after `size`, growing in doubles but not beyond what `limit` needs.
void make_room(std::string& body, std::size_t size, std::size_t more, std::size_t limit) {
    const std::size_t needed = size + more + kBodyPadding;
    if (body.size() >= needed) return;
    const std::size_t doubled = std::min(body.size() * 2, limit);
    resize_raw(body, std::max(needed, doubled));
}

}  // namespace

BodyReader::BodyReader(ConnectionSocket& socket, BodyFraming framing, const ServerLimits& limits,
                       BodyBudget& budget)
    : socket_(socket), limits_(limits), framing_(framing), share_(budget), left_(framing.length) {
    if (framing.kind == BodyKind::none) finish();
}

void BodyReader::finish() {
    finished_ = true;
    socket_.watch();
}

Task<Result<std::string>> BodyReader::read(std::size_t limit) {
    if (asked_) co_return fail(ErrorKind::internal, "The request body was read twice.");
    asked_ = true;
    std::string body;
    if (finished_) {
        seal(body, 0);
        co_return body;
    }
    broken_ = true;  // until the end is reached
    if (framing_.kind == BodyKind::length && framing_.length > limit) co_return too_large(limit);
    socket_.unwatch();
    CO_TRY_DO(co_await send_continue());
    if (framing_.kind == BodyKind::length) {
        CO_TRY_DO(co_await read_length(body));
    } else {
        CO_TRY_DO(co_await read_chunked(body, limit));
    }
    socket_.clear_time();
    broken_ = false;
    finish();
    co_return body;
}

Task<Result<void>> BodyReader::send_continue() {
    // A client that is already sending does not wait (RFC 9110 section 10.1.1).
    if (!framing_.expects_continue || !socket_.inbox().empty()) co_return Result<void>{};
    ConnectionSocket::Pieces pieces{asio::buffer(kContinue)};
    const bool sent = co_await socket_.write(pieces, limits_.write_silence, OnHalfClose::stop);
    if (!sent) co_return std::unexpected(broken_off(Arrival::end, limits_.body_silence));
    co_return Result<void>{};
}

Task<Result<void>> BodyReader::read_length(std::string& body) {
    const auto length = static_cast<std::size_t>(framing_.length);
    resize_raw(body, length + kBodyPadding);
    while (left_ > 0) {
        if (socket_.inbox().empty()) socket_.set_time(limits_.body_silence);
        const auto [arrival, count] =
            co_await socket_.receive(body.data() + (length - left_), left_);
        if (arrival != Arrival::bytes)
            co_return std::unexpected(broken_off(arrival, limits_.body_silence));
        if (!share_.take(count)) co_return too_much_held();
        left_ -= count;
    }
    seal(body, length);
    co_return Result<void>{};
}

Task<Result<void>> BodyReader::read_chunked(std::string& body, std::size_t limit) {
    std::size_t size = 0;
    while (true) {
        CO_TRY(const ChunkDecoder::Step step, chunks_.next(socket_.inbox()));
        if (step.data.size() + chunks_.pending() > limit - size) co_return too_large(limit);
        make_room(body, size, step.data.size(), limit);
        if (!share_.take(step.data.size())) co_return too_much_held();
        step.data.copy(body.data() + size, step.data.size());
        size += step.data.size();
        socket_.consume(step.consumed);
        if (chunks_.done()) break;
        if (!socket_.inbox().empty()) continue;
        if (chunks_.pending() >= kDirectBytes) {
            make_room(body, size, chunks_.pending(), limit);
            CO_TRY_DO(co_await receive_data(body, size));
        } else {
            socket_.set_time(limits_.body_silence);
            const Arrival arrival = co_await socket_.fill();
            if (arrival != Arrival::bytes)
                co_return std::unexpected(broken_off(arrival, limits_.body_silence));
        }
    }
    seal(body, size);
    co_return Result<void>{};
}

/// Takes the data of a long chunk past the inbox and the decoder, which only learns its count.
Task<Result<void>> BodyReader::receive_data(std::string& body, std::size_t& size) {
    socket_.set_time(limits_.body_silence);
    const auto [arrival, count] = co_await socket_.receive(body.data() + size, chunks_.pending());
    if (arrival != Arrival::bytes)
        co_return std::unexpected(broken_off(arrival, limits_.body_silence));
    if (!share_.take(count)) co_return too_much_held();
    chunks_.skip(count);
    size += count;
    co_return Result<void>{};
}

bool BodyReader::can_drain() const {
    if (finished_) return true;
    // Whether a client that still waits for `100 Continue` will send its body is unknown.
    if (broken_ || (framing_.expects_continue && socket_.inbox().empty())) return false;
    return framing_.kind == BodyKind::chunked || left_ <= kDrainBytes;
}

Task<bool> BodyReader::drain() {
    if (finished_) co_return true;
    if (!can_drain()) co_return false;
    socket_.unwatch();
    socket_.set_time(limits_.body_silence);
    std::size_t dropped = 0;
    while (true) {
        const Result<std::size_t> taken = drop_from_inbox();
        if (!taken) co_return false;
        dropped += *taken;
        if (finished_) break;
        if (dropped > kDrainBytes) co_return false;
        const Arrival arrival = co_await socket_.fill();
        if (arrival != Arrival::bytes) co_return false;
    }
    socket_.clear_time();
    co_return true;
}

/// Drops the body's bytes that are in the inbox; returns their number.
Result<std::size_t> BodyReader::drop_from_inbox() {
    std::size_t dropped = 0;
    if (framing_.kind == BodyKind::length) {
        dropped = static_cast<std::size_t>(std::min<std::uint64_t>(left_, socket_.inbox().size()));
        left_ -= dropped;
        socket_.consume(dropped);
        finished_ = left_ == 0;
        return dropped;
    }
    while (!socket_.inbox().empty() && !chunks_.done()) {
        TRY(const ChunkDecoder::Step step, chunks_.next(socket_.inbox()));
        socket_.consume(step.consumed);
        dropped += step.consumed;
    }
    finished_ = chunks_.done();
    return dropped;
}

}  // namespace ccr::net
