#include "tokens/tokenizer_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "json/document.h"
#include "tokens/byte_level.h"
#include "tokens/pre_tokenizer.h"

namespace ccr::tokens {
namespace {

using Places = std::vector<TokenTable::Place>;

constexpr std::streamoff kMostBytes = 128 << 20;  // the largest in use have about 30 MB
constexpr std::uint32_t kMostTokens = 4'000'000;  // far beyond any; bounds what a bad file can cost

std::unexpected<Error> broken(const std::string& why) {
    return fail(ErrorKind::config, "The tokenizer.json " + why + ".");
}

Result<void> check_model(json::View model) {
    if (!model["type"].text().equals("BPE"))
        return fail(ErrorKind::not_supported,
                    fmt::format("ccr reads tokenizers of type BPE, not {}.", model["type"].raw()));
    for (const std::string_view name : {"byte_fallback", "fuse_unk"}) {
        if (model[name].boolean().value_or(false))
            return fail(ErrorKind::not_supported,
                        fmt::format("This tokenizer sets {}, which ccr does not do.", name));
    }
    for (const std::string_view name : {"continuing_subword_prefix", "end_of_word_suffix"}) {
        if (!model[name].text().empty())
            return fail(ErrorKind::not_supported,
                        fmt::format("This tokenizer has a {}, which ccr does not do.", name));
    }
    return {};
}

/// Where the bytes of each token stand in `bytes`. What no bytes stand for (the text of special
/// tokens) is left out: text never becomes it.
Result<Places> read_vocabulary(json::View vocabulary, std::string& bytes) {
    Places places;
    std::string written;
    for (const auto [key, value] : vocabulary.members()) {
        const std::optional<std::int64_t> number = value.integer();
        if (!number || *number < 0 || *number >= kMostTokens)
            return broken(fmt::format("gives the token {} no usable number", key.raw()));
        written.clear();
        key.text().decode_to(written);
        const std::size_t begin = bytes.size();
        if (!append_byte_level(bytes, written)) {
            bytes.resize(begin);
            continue;
        }
        if (static_cast<std::size_t>(*number) >= places.size())
            places.resize(static_cast<std::size_t>(*number) + 1);
        places[static_cast<std::size_t>(*number)] = {
            static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(bytes.size() - begin)};
    }
    if (places.empty()) return broken("has no vocabulary");
    return places;
}

Result<std::array<std::uint32_t, 256>> read_bytes(const TokenTable& table) {
    std::array<std::uint32_t, 256> tokens{};
    for (std::size_t byte = 0; byte < tokens.size(); ++byte) {
        const char c = static_cast<char>(byte);
        tokens[byte] = table.find({&c, 1}, &c + 1);
        if (tokens[byte] == kNoToken)
            return fail(ErrorKind::not_supported,
                        fmt::format("This tokenizer has no token for the byte {:#04x}; ccr reads "
                                    "byte-level vocabularies only.",
                                    byte));
    }
    return tokens;
}

/// Two tokens as "left right" or ["left", "right"].
std::optional<std::pair<std::string, std::string>> halves_of(json::View merge) {
    if (merge.is_string()) {
        const std::string both = merge.text().decode();
        const std::size_t blank = both.find(' ');
        if (blank == std::string::npos) return std::nullopt;
        return std::pair(both.substr(0, blank), both.substr(blank + 1));
    }
    std::vector<std::string> halves;
    for (const json::View half : merge.elements()) halves.push_back(half.text().decode());
    if (halves.size() != 2) return std::nullopt;
    return std::pair(std::move(halves[0]), std::move(halves[1]));
}

std::optional<PairMerges::Rule> rule_of(json::View merge, const TokenTable& table) {
    const auto halves = halves_of(merge);
    if (!halves) return std::nullopt;
    std::string bytes;
    if (!append_byte_level(bytes, halves->first)) return std::nullopt;
    const std::size_t middle = bytes.size();
    if (!append_byte_level(bytes, halves->second)) return std::nullopt;
    const auto token = [&](std::size_t begin, std::size_t end) {
        return table.find(std::string_view(bytes).substr(begin, end - begin),
                          bytes.data() + bytes.size());
    };
    const PairMerges::Rule rule{token(0, middle), token(middle, bytes.size()),
                                token(0, bytes.size())};
    const bool known = rule.left != kNoToken && rule.right != kNoToken && rule.token != kNoToken;
    return known ? std::optional(rule) : std::nullopt;
}

Result<std::vector<PairMerges::Rule>> read_merges(json::View merges, const TokenTable& table) {
    std::vector<PairMerges::Rule> rules;
    for (const json::View merge : merges.elements()) {
        const auto rule = rule_of(merge, table);
        if (!rule)
            return broken(fmt::format("has a merge that its vocabulary does not know: {}",
                                      merge.raw().substr(0, 80)));
        rules.push_back(*rule);
    }
    return rules;
}

/// Leaves out what merging does not arrive at: such a token may not be taken as a whole.
void keep_reachable(Places& places, std::string_view bytes, const PairMerges& merges) {
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t i = 0; i < places.size(); ++i) {
        if (places[i].size == 0) continue;
        numbers.clear();
        merge(ByPairs(merges, bytes.substr(places[i].offset, places[i].size)), places[i].size,
              numbers);
        if (numbers.size() != 1 || numbers.front() != i) places[i] = {};
    }
}

Result<std::string> read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    const std::streamoff size = in ? static_cast<std::streamoff>(in.tellg()) : -1;
    if (size < 0)
        return fail(ErrorKind::config, fmt::format("The tokenizer {} cannot be read.", path));
    if (size > kMostBytes)
        return fail(ErrorKind::config,
                    fmt::format("The tokenizer {} is beyond {} MB.", path, kMostBytes >> 20));
    std::string text(static_cast<std::size_t>(size), '\0');
    in.seekg(0).read(text.data(), size);
    if (!in) return fail(ErrorKind::config, fmt::format("The tokenizer {} cannot be read.", path));
    return text;
}

Result<EncodingParts> read_model(json::View model) {
    TRY_DO(check_model(model));
    auto written = std::make_unique<std::string>();
    TRY(Places places, read_vocabulary(model["vocab"], *written));
    EncodingParts parts;
    parts.bytes = std::move(written);
    const TokenTable all(*parts.bytes, places);
    TRY(const auto bytes, read_bytes(all));
    TRY(const std::vector<PairMerges::Rule> rules, read_merges(model["merges"], all));
    auto merges = std::make_unique<PairMerges>(bytes, rules);
    if (!model["ignore_merges"].boolean().value_or(false))
        keep_reachable(places, *parts.bytes, *merges);
    parts.merges = std::move(merges);
    parts.tokens = std::make_unique<TokenTable>(*parts.bytes, places);
    return parts;
}

}  // namespace

Result<std::shared_ptr<const Encoding>> parse_tokenizer_json(std::string_view text,
                                                             std::string name) {
    json::Document document;
    const auto root = document.parse(text);
    if (!root) return broken("is not valid JSON: " + root.error().message);
    TRY(const Pattern pattern, pattern_of_pre_tokenizer((*root)["pre_tokenizer"]));
    TRY(const bool composed, composes((*root)["normalizer"]));
    TRY(EncodingParts parts, read_model((*root)["model"]));
    parts.name = std::move(name);
    parts.pattern = pattern;
    parts.composed = composed;
    return std::make_shared<const Encoding>(std::move(parts));
}

Result<std::shared_ptr<const Encoding>> load_tokenizer_json(const std::string& path,
                                                            std::string name) {
    TRY(const std::string text, read_file(path));
    auto encoding = parse_tokenizer_json(text, std::move(name));
    if (!encoding) encoding.error().message += fmt::format(" ({})", path);
    return encoding;
}

}  // namespace ccr::tokens
