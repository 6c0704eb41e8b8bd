#include "base/ids.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <random>
#include <span>
#include <vector>

namespace ccr {

namespace {

constexpr std::size_t kMostAtOnce = 256;  // of getentropy()

void fill(std::span<unsigned char> bytes) {
    while (!bytes.empty()) {
        const auto piece = bytes.first(std::min(bytes.size(), kMostAtOnce));
        if (::getentropy(piece.data(), piece.size()) != 0) {
            std::random_device device;  // a kernel without it; never seen, but an id must come out
            for (unsigned char& byte : piece) byte = static_cast<unsigned char>(device());
        }
        bytes = bytes.subspan(piece.size());
    }
}

std::string hex_of(std::span<const unsigned char> bytes) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const unsigned char byte : bytes) {
        out += kHex[byte >> 4];
        out += kHex[byte & 15];
    }
    return out;
}

// Every request has an id, and asking the system takes as long as all the rest of making one: many
// are made of one answer.
class IdBytes {
  public:
    std::span<const unsigned char> next() {
        if (left_.size() < kIdBytes) {
            fill(bytes_);
            left_ = bytes_;
        }
        const auto id = left_.first(kIdBytes);
        left_ = left_.subspan(kIdBytes);
        return id;
    }

  private:
    static constexpr std::size_t kIdBytes = 12;

    std::array<unsigned char, kMostAtOnce> bytes_{};
    std::span<const unsigned char> left_;
};

}  // namespace

std::string random_hex(std::size_t bytes) {
    std::vector<unsigned char> raw(bytes);
    fill(raw);
    return hex_of(raw);
}

std::string new_id(std::string_view prefix) {
    thread_local IdBytes bytes;
    return std::string(prefix) + hex_of(bytes.next());
}

}  // namespace ccr
