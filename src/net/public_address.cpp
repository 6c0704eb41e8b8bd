#include "net/public_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace ccr::net {
namespace {

struct Block4 {
    std::uint32_t base;
    int bits;
};

constexpr std::uint32_t v4(unsigned a, unsigned b, unsigned c, unsigned d) {
    return a << 24 | b << 16 | c << 8 | d;
}

constexpr auto kSpecial4 = std::to_array<Block4>({
    {v4(0, 0, 0, 0), 8},        // this network
    {v4(10, 0, 0, 0), 8},       // private
    {v4(100, 64, 0, 0), 10},    // shared by a carrier
    {v4(127, 0, 0, 0), 8},      // loopback
    {v4(169, 254, 0, 0), 16},   // link-local; clouds serve their metadata here
    {v4(172, 16, 0, 0), 12},    // private
    {v4(192, 0, 0, 0), 24},     // protocol assignments
    {v4(192, 0, 2, 0), 24},     // documentation
    {v4(192, 88, 99, 0), 24},   // 6to4 relays
    {v4(192, 168, 0, 0), 16},   // private
    {v4(198, 18, 0, 0), 15},    // benchmarks
    {v4(198, 51, 100, 0), 24},  // documentation
    {v4(203, 0, 113, 0), 24},   // documentation
    {v4(224, 0, 0, 0), 3},      // multicast, reserved, broadcast
});

bool is_public4(std::uint32_t address) {
    return std::ranges::none_of(kSpecial4, [&](const Block4& block) {
        return (address ^ block.base) >> (32 - block.bits) == 0;
    });
}

using Bytes6 = std::array<std::uint8_t, 16>;

std::uint32_t read4(const Bytes6& bytes, std::size_t at) {
    return v4(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
}

bool is_mapped4(const Bytes6& bytes) {
    static constexpr std::array<std::uint8_t, 12> kPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return std::equal(kPrefix.begin(), kPrefix.end(), bytes.begin());
}

// Only 2000::/3 is given out; within it stand tunnels that hide an IPv4 address, and examples.
bool is_public6(const Bytes6& bytes) {
    if (is_mapped4(bytes)) return is_public4(read4(bytes, 12));
    if ((bytes[0] & 0xe0) != 0x20) return false;
    const std::uint32_t head = read4(bytes, 0);
    const bool protocols = head >> 9 == 0x20010000 >> 9;  // 2001::/23, Teredo among them
    const bool six_to_four = head >> 16 == 0x2002;
    const bool documentation = head == 0x20010db8 || head >> 12 == 0x3fff0;
    return !protocols && !six_to_four && !documentation;
}

}  // namespace

bool is_public_address(const sockaddr& address) {
    if (address.sa_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, &address, sizeof in);
        return is_public4(ntohl(in.sin_addr.s_addr));
    }
    if (address.sa_family == AF_INET6) {
        sockaddr_in6 in{};
        std::memcpy(&in, &address, sizeof in);
        Bytes6 bytes{};
        std::memcpy(bytes.data(), &in.sin6_addr, bytes.size());
        return is_public6(bytes);
    }
    return false;
}

}  // namespace ccr::net
