#include "base/ids.h"

#include <openssl/rand.h>

#include <random>
#include <vector>

namespace ccr {

std::string random_hex(std::size_t bytes) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::vector<unsigned char> raw(bytes);
    if (RAND_bytes(raw.data(), static_cast<int>(raw.size())) != 1) {
        std::random_device
            device;  // OpenSSL without a seeded generator; never seen, but an id must come out
        for (unsigned char& byte : raw) byte = static_cast<unsigned char>(device());
    }
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
