#include "base/ids.h"

#include <sys/random.h>

#include <algorithm>
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

}  // namespace

std::string random_hex(std::size_t bytes) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::vector<unsigned char> raw(bytes);
    fill(raw);
    std::string out;
    out.reserve(bytes * 2);
    for (const unsigned char byte : raw) {
        out += kHex[byte >> 4];
        out += kHex[byte & 15];
    }
    return out;
}

std::string new_id(std::string_view prefix) {
    return std::string(prefix) + random_hex(12);
}

}  // namespace ccr
