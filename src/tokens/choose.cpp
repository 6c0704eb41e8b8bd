#include "tokens/choose.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>

#include "base/text_case.h"
#include "tokens/tokenizer_json.h"

namespace ccr::tokens {
namespace {

using EncodingPtr = std::shared_ptr<const Encoding>;
using Clock = std::chrono::steady_clock;
using config::TokenizerChoice;

// The built-in ones live as long as the process; nobody owns them.
EncodingPtr unowned(const Encoding& encoding) {
    return {EncodingPtr(), &encoding};
}

/// Tokenizer files by their paths, each read once.
class Files {
  public:
    Result<EncodingPtr> get(const std::string& path) {
        const std::scoped_lock lock(mutex_);
        const auto found = files_.find(path);
        if (found != files_.end() && (found->second.encoding || Clock::now() < found->second.again))
            return found->second.encoding;
        Entry entry{load_tokenizer_json(path, path), Clock::now() + kTryAgain};
        return files_.insert_or_assign(path, std::move(entry)).first->second.encoding;
    }

  private:
    static constexpr std::chrono::minutes kTryAgain{1};
    struct Entry {
        Result<EncodingPtr> encoding;
        Clock::time_point again;
    };
    std::mutex mutex_;
    std::map<std::string, Entry> files_;
};

Files& files() {
    static Files all;
    return all;
}

}  // namespace

const TokenizerChoice* configured_tokenizer(const config::Provider& provider,
                                            std::string_view model) {
    const auto own = std::ranges::find(provider.tokenizers, model, &TokenizerChoice::model);
    if (own != provider.tokenizers.end()) return &*own;
    const auto general = std::ranges::find(provider.tokenizers, "", &TokenizerChoice::model);
    return general != provider.tokenizers.end() ? &*general : nullptr;
}

EncodingPtr encoding_of_model(std::string_view model) {
    const std::string name = lower_case(model);
    const auto has = [&](std::string_view word) { return name.find(word) != std::string::npos; };
    const bool first_gpt4 = has("gpt-4") && !has("gpt-4o") && !has("gpt-4.1") && !has("gpt-4.5");
    if (first_gpt4 || has("gpt-3.5") || has("text-embedding")) return unowned(cl100k());
    return unowned(o200k());
}

Result<EncodingPtr> encoding_named(const std::string& name) {
    if (name == "cl100k_base") return unowned(cl100k());
    if (name == "o200k_base") return unowned(o200k());
    if (name.find('/') == std::string::npos && !name.ends_with(".json"))
        return fail(
            ErrorKind::not_supported,
            fmt::format("ccr has no encoding \"{}\"; it has cl100k_base and o200k_base, and "
                        "reads the tokenizer.json that a path names.",
                        name));
    return files().get(name);
}

Choice choose_counter(const config::Provider* provider, std::string_view model) {
    const TokenizerChoice* const asked =
        provider ? configured_tokenizer(*provider, model) : nullptr;
    std::string refused;
    if (asked && asked->endpoint) {
        refused = "; in service a server is asked, and this is in its place when it fails";
    } else if (asked) {
        auto encoding = encoding_named(asked->encoding);
        if (encoding)
            return {std::make_shared<Counter>(std::move(*encoding), std::string(model)),
                    fmt::format("{}, as the configuration says", asked->encoding)};
        refused = "; the configured one cannot be used: " + encoding.error().message;
    }
    EncodingPtr encoding = encoding_of_model(model);
    std::string why = fmt::format("{}, by the name of {}{}", encoding->name(), model, refused);
    return {std::make_shared<Counter>(std::move(encoding), std::string(model)), std::move(why)};
}

}  // namespace ccr::tokens
