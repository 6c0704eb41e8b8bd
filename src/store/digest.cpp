#include "store/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "json/writer.h"

namespace ccr::store {
namespace {

using json::View;
using json::Writer;

constexpr std::size_t kBytes = 16;

void write(Writer& w, View value);

void write_object(Writer& w, View object) {
    std::vector<std::pair<std::string, View>> members;
    for (const View::Member member : object.members())
        members.emplace_back(member.key().decode(), member.value);
    std::ranges::stable_sort(members, {}, &std::pair<std::string, View>::first);
    w.open_object();
    std::string name;
    for (const auto& [key, value] : members) {
        name.clear();
        json::escape_to(name, key);
        w.key(name);
        write(w, value);
    }
    w.close_object();
}

void write(Writer& w, View value) {
    if (value.is_object()) return write_object(w, value);
    if (value.is_string()) {
        w.string(value.text().decode());
    } else if (value.is_array()) {
        w.open_array();
        for (const View element : value.elements()) write(w, element);
        w.close_array();
    } else {
        w.raw(value.raw());
    }
}

}  // namespace

std::string digest(std::initializer_list<std::string_view> parts) {
    struct Free {
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    for (const std::string_view part : parts) {
        const std::string length = std::to_string(part.size()) + ":";
        EVP_DigestUpdate(context.get(), length.data(), length.size());
        EVP_DigestUpdate(context.get(), part.data(), part.size());
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    EVP_DigestFinal_ex(context.get(), bytes.data(), nullptr);
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < kBytes; ++i) {
        out += kHex[bytes[i] >> 4];
        out += kHex[bytes[i] & 15];
    }
    return out;
}

std::string canonical(View value) {
    std::string out;
    Writer w(out);
    if (value) write(w, value);
    return out;
}

}  // namespace ccr::store
