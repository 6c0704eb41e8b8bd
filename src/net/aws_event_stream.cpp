#include "net/aws_event_stream.h"

#include <array>
#include <optional>

#include "base/growing_text.h"

namespace ccr::net {
namespace {

constexpr std::size_t kPrelude = 12;
constexpr std::size_t kChecksum = 4;
// What the format allows: 16 MB of payload, 128 KB of headers.
constexpr std::size_t kMostHeaders = 128u << 10;
constexpr std::size_t kLargest = (16u << 20) + kMostHeaders + kPrelude + kChecksum;

constexpr std::array<std::uint32_t, 256> crc_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ (value & 1 ? 0xEDB88320u : 0u);
        table[i] = value;
    }
    return table;
}
constexpr auto kCrcTable = crc_table();

std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
        value = (value << 8) | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

/// Reads one header after the other, never past the end of its bytes.
class HeaderReader {
  public:
    explicit HeaderReader(std::string_view bytes) : rest_(bytes) {}

    struct Header {
        std::string_view name;
        std::string_view text;  // of a string, "" for other types
    };

    bool done() const { return rest_.empty(); }

    std::optional<Header> next() {
        const auto name = take_counted(1);
        const auto type = take(1);
        if (!name || !type) return std::nullopt;
        const int kind = static_cast<unsigned char>((*type)[0]);
        const auto value = take_value(kind);
        if (!value) return std::nullopt;
        return Header{*name, kind == kText ? *value : std::string_view()};
    }

  private:
    static constexpr int kBytes = 6, kText = 7;
    // true, false, byte, short, integer, long, bytes, text, timestamp, uuid
    static constexpr std::array<std::size_t, 10> kSizes{0, 0, 1, 2, 4, 8, 0, 0, 8, 16};

    std::optional<std::string_view> take(std::size_t size) {
        if (rest_.size() < size) return std::nullopt;
        const std::string_view out = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return out;
    }

    std::optional<std::string_view> take_counted(std::size_t width) {
        const auto count = take(width);
        if (!count) return std::nullopt;
        return take(number_at(*count, 0, width));
    }

    std::optional<std::string_view> take_value(int kind) {
        if (kind == kBytes || kind == kText) return take_counted(2);
        if (kind >= static_cast<int>(kSizes.size())) return std::nullopt;
        return take(kSizes[static_cast<std::size_t>(kind)]);
    }

    std::string_view rest_;
};

void note(const HeaderReader::Header& header, AwsMessage& out) {
    if (header.name == ":message-type") out.message_type = header.text;
    if (header.name == ":event-type") out.event_type = header.text;
    if (header.name == ":exception-type") out.exception_type = header.text;
    if (header.name == ":error-code") out.error_code = header.text;
    if (header.name == ":error-message") out.error_message = header.text;
}

}  // namespace

std::uint32_t crc32(std::string_view bytes) {
    std::uint32_t value = 0xFFFFFFFFu;
    for (const char byte : bytes)
        value = (value >> 8) ^ kCrcTable[(value ^ static_cast<unsigned char>(byte)) & 0xFF];
    return ~value;
}

bool AwsEventStream::break_off(std::string_view why) {
    problem_ = why;
    buffer_.clear();
    return false;
}

bool AwsEventStream::feed(std::string_view bytes, const Sink& sink) {
    if (!problem_.empty()) return false;
    if (buffer_.empty()) {
        const std::size_t done = split(bytes, sink);
        if (problem_.empty()) buffer_.assign(bytes.substr(done));
    } else {
        append_growing(buffer_, bytes);
        buffer_.erase(0, split(buffer_, sink));
    }
    return problem_.empty();
}

/// Delivers every complete message of `window`; returns how many bytes they took.
std::size_t AwsEventStream::split(std::string_view window, const Sink& sink) {
    std::size_t done = 0;
    for (;;) {
        const std::string_view rest = window.substr(done);
        const std::size_t size = message_size(rest);
        if (size == 0 || rest.size() < size) return problem_.empty() ? done : 0;
        if (!deliver(rest.substr(0, size), sink)) return 0;
        done += size;
    }
}

/// 0 while the prelude is not there, or when it is wrong.
std::size_t AwsEventStream::message_size(std::string_view window) {
    if (window.size() < kPrelude) return 0;
    if (crc32(window.substr(0, 8)) != number_at(window, 8, 4)) {
        break_off("sent an event stream whose framing is damaged (prelude checksum)");
        return 0;
    }
    const std::size_t size = number_at(window, 0, 4), headers = number_at(window, 4, 4);
    if (size > kLargest || headers > kMostHeaders || size < kPrelude + headers + kChecksum) {
        break_off("sent an event stream with impossible lengths");
        return 0;
    }
    return size;
}

bool AwsEventStream::deliver(std::string_view message, const Sink& sink) {
    const std::size_t end = message.size() - kChecksum;
    if (crc32(message.substr(0, end)) != number_at(message, end, kChecksum))
        return break_off("sent an event stream with a damaged message (checksum)");
    const std::size_t headers = number_at(message, 4, 4);
    AwsMessage out;
    HeaderReader reader(message.substr(kPrelude, headers));
    while (!reader.done()) {
        const auto header = reader.next();
        if (!header) return break_off("sent an event stream with headers that cannot be read");
        note(*header, out);
    }
    out.payload = message.substr(kPrelude + headers, end - kPrelude - headers);
    sink(out);
    return true;
}

}  // namespace ccr::net
