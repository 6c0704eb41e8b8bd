#include "plugin/frame.h"

namespace ccr::plugin {
namespace {

constexpr std::size_t kFixed = 13;
constexpr std::uint32_t kLongest = 256u << 20;

void append_number(std::string& out, std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xff);
}

std::uint32_t number_at(const char* bytes) {
    std::uint32_t value = 0;
    for (int i = 3; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
}

}  // namespace

void append_frame(std::string& out, const Frame& frame) {
    const std::size_t length = kFixed - 4 + frame.head.size() + frame.body.size();
    out.reserve(out.size() + 4 + length);
    append_number(out, static_cast<std::uint32_t>(length));
    out += static_cast<char>(frame.kind);
    append_number(out, frame.call);
    append_number(out, static_cast<std::uint32_t>(frame.head.size()));
    out += frame.head;
    out += frame.body;
}

char* FrameReader::room(std::size_t size) {
    if (begin_ > 0) {
        bytes_.erase(0, begin_);
        filled_ -= begin_;
        begin_ = 0;
    }
    if (bytes_.size() < filled_ + size) bytes_.resize(filled_ + size);
    return bytes_.data() + filled_;
}

std::optional<Frame> FrameReader::next() {
    const char* at = bytes_.data() + begin_;
    const std::size_t have = filled_ - begin_;
    if (broken_ || have < kFixed) return std::nullopt;
    const std::uint32_t length = number_at(at);
    const std::uint32_t head = number_at(at + 9);
    if (length > kLongest || length < kFixed - 4 || head > length - (kFixed - 4)) {
        broken_ = true;
        return std::nullopt;
    }
    if (have < 4 + length) return std::nullopt;
    begin_ += 4 + length;
    return Frame{static_cast<FrameKind>(at[4]),
                 number_at(at + 5),
                 {at + kFixed, head},
                 {at + kFixed + head, length - (kFixed - 4) - head}};
}

}  // namespace ccr::plugin
