// Where generateContent requests go and how they are signed (ai.google.dev/api, "API reference").
#include "wire/gemini/provider_side.h"

namespace ccr::wire::gemini {
namespace {

constexpr std::string_view kModels = "/models/";

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

// RFC 3986, 2.1: a name is one segment of the path, whatever is in it.
std::string percent_encoded(std::string_view name) {
    static constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    for (const char c : name) {
        if (is_unreserved(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += kHex[byte >> 4];
        out += kHex[byte & 15];
    }
    return out;
}

// ".../models/", without its last slash, or what stands before it. An address that names a model
// and its method loses both.
std::string base_of(std::string_view url) {
    if (const std::size_t at = url.rfind(kModels); at != std::string_view::npos)
        return std::string(url.substr(0, at + kModels.size()));
    while (url.ends_with('/')) url.remove_suffix(1);
    std::string out(url);
    return out.append(url.ends_with("/models") ? "/" : kModels);
}

}  // namespace

Endpoint endpoint(const Target& target) {
    Endpoint out;
    std::string_view model = target.model;
    if (model.starts_with("models/")) model.remove_prefix(7);
    out.url = base_of(target.base_url) + percent_encoded(model);
    // Without alt=sse the stream is one JSON array.
    out.url += target.stream ? ":streamGenerateContent?alt=sse" : ":generateContent";
    out.headers.add("content-type", "application/json");
    out.headers.add("accept", target.stream ? "text/event-stream" : "application/json");
    if (!target.api_key.empty()) out.headers.add("x-goog-api-key", std::string(target.api_key));
    return out;
}

}  // namespace ccr::wire::gemini
