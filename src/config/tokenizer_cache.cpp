#include "config/tokenizer_cache.h"

#include <algorithm>

namespace ccr::config {

std::string cached_tokenizer(std::string hub_model, const Environment& environment) {
    std::ranges::replace_if(
        hub_model,
        [](char c) {
            const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            return !letter && !(c >= '0' && c <= '9') && c != '_' && c != '-';
        },
        '_');
    return home_directory(environment) + "/.huggingface/" + hub_model + "/tokenizer.json";
}

}  // namespace ccr::config
