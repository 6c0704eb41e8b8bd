// The token numbers of many texts, for comparison with tokenizers that are not ours.
//
//   token_ids ENCODING TEXTS NUMBERS
//
// ENCODING is cl100k_base, o200k_base or the path of a tokenizer.json. TEXTS holds one text after
// the other, each behind its length; NUMBERS gets the numbers of each behind their count. All are
// little-endian u32.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "tokens/encoding.h"
#include "tokens/tokenizer_json.h"

namespace {

void put(std::ofstream& out, const std::vector<std::uint32_t>& numbers) {
    const auto count = static_cast<std::uint32_t>(numbers.size());
    out.write(reinterpret_cast<const char*>(&count), sizeof(count));
    out.write(reinterpret_cast<const char*>(numbers.data()),
              static_cast<std::streamsize>(numbers.size() * sizeof(count)));
}

void encode_all(const ccr::tokens::Encoding& encoding, std::string_view texts, std::ofstream& out) {
    std::vector<std::uint32_t> numbers;
    while (!texts.empty()) {
        std::uint32_t size = 0;
        std::memcpy(&size, texts.data(), sizeof(size));
        numbers.clear();
        encoding.encode(texts.substr(sizeof(size), size), numbers);
        put(out, numbers);
        texts.remove_prefix(sizeof(size) + size);
    }
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::fprintf(stderr, "usage: token_ids ENCODING TEXTS NUMBERS\n");
        return 2;
    }
    const std::string name = arguments[1];
    std::ifstream in(arguments[2], std::ios::binary);
    const std::string texts{std::istreambuf_iterator<char>(in), {}};
    std::ofstream out(arguments[3], std::ios::binary);
    if (name == "cl100k_base" || name == "o200k_base") {
        encode_all(name == "o200k_base" ? ccr::tokens::o200k() : ccr::tokens::cl100k(), texts, out);
    } else {
        const auto encoding = ccr::tokens::load_tokenizer_json(name, name);
        if (!encoding) {
            std::fprintf(stderr, "token_ids: %s\n", encoding.error().message.c_str());
            return 1;
        }
        encode_all(**encoding, texts, out);
    }
    return out.good() ? 0 : 1;
}
