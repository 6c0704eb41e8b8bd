#include "gateway/address.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/percent.h"
#include "base/text_case.h"
#include "gateway/query.h"
#include "wire/codec.h"

namespace ccr::gateway {
namespace {

struct Route {
    std::string_view path;
    std::string_view method;  // GET answers HEAD too
    Page page;
    Protocol client = Protocol::anthropic;
};

constexpr std::array kPublic = std::to_array<Route>({
    {"/", "GET", Page::banner},
    {"/health", "GET", Page::health},
    {"/api/hello", "GET", Page::hello},
});

// With "/v1" before them and without: clients differ in what they take a base URL to be.
constexpr std::array kVersioned = std::to_array<Route>({
    {"/messages", "POST", Page::answer, Protocol::anthropic},
    {"/messages/count_tokens", "POST", Page::count, Protocol::anthropic},
    {"/chat/completions", "POST", Page::answer, Protocol::openai_chat},
    {"/responses", "POST", Page::answer, Protocol::openai_responses},
    {"/responses/input_tokens", "POST", Page::count, Protocol::openai_responses},
    {"/models", "GET", Page::models},
});

// Gemini's methods follow the model's name (ai.google.dev/api/generate-content).
struct Action {
    std::string_view name;
    Page page;
    bool stream = false;
};
constexpr std::array kActions = std::to_array<Action>({
    {"generateContent", Page::answer},
    {"streamGenerateContent", Page::answer, true},
    {"countTokens", Page::count},
});

constexpr std::string_view kModels = "/models/";

bool is_spoken(Protocol protocol) {
    return wire::codec_of(protocol) != nullptr;
}

bool allows(std::string_view allowed, std::string_view method) {
    return allowed == method || (allowed == "GET" && method == "HEAD");
}

bool has_segment(std::string_view path, std::string_view segment) {
    const std::size_t at = path.find(segment);
    if (at == std::string_view::npos) return false;
    const std::size_t end = at + segment.size();
    return end == path.size() || path[end] == '/' || path[end] == '?';
}

struct Versioned {
    std::string_view rest;  // begins with '/'
    bool is_gemini = false;
};

Versioned without_version(std::string_view path) {
    for (const std::string_view version : {"/v1beta", "/v1alpha"}) {
        if (path.starts_with(version) && path.substr(version.size()).starts_with('/'))
            return {path.substr(version.size()), true};
    }
    constexpr std::string_view kV1 = "/v1";
    if (path.starts_with(kV1) && path.substr(kV1.size()).starts_with('/'))
        path.remove_prefix(kV1.size());
    return {path, false};
}

// Where the reference has its web interface and what that asks.
bool is_web_interface(std::string_view path) {
    return path == "/ui" || path == "/providers" || path.starts_with("/ui/") ||
           path.starts_with("/api/") || path.starts_with("/providers/");
}

Error nothing_here(const net::RequestHead& head) {
    if (is_web_interface(head.path))
        return make_error(
            ErrorKind::not_found,
            fmt::format("There is nothing at {} {}: {}.", head.method, head.path, kNoWebInterface));
    std::string known;
    for (const Route& route : kVersioned) {
        if (route.page != Page::answer || !is_spoken(route.client)) continue;
        known += fmt::format("{}/v1{}", known.empty() ? "" : ", ", route.path);
    }
    if (is_spoken(Protocol::gemini)) known += ", /v1beta/models/{model}:generateContent";
    return make_error(ErrorKind::not_found,
                      fmt::format("There is nothing at {} {}. Clients use POST {}.", head.method,
                                  head.path, known));
}

Error wrong_method(const net::RequestHead& head, std::string_view takes) {
    return make_error(ErrorKind::method_not_allowed,
                      fmt::format("{} takes {}, not {}.", head.path, takes, head.method));
}

template <std::size_t N>
std::optional<Route> in_table(const std::array<Route, N>& table, std::string_view path) {
    for (const Route& route : table) {
        if (route.path == path && is_spoken(route.client)) return route;
    }
    return std::nullopt;
}

Result<Address> at(const Route& route, const net::RequestHead& head) {
    if (!allows(route.method, head.method))
        return std::unexpected(wrong_method(head, route.method));
    Address address;
    address.page = route.page;
    address.client = route.page == Page::models ? reader_of(head) : route.client;
    return address;
}

// "models/" may stand twice: in the path, and in a name that was taken from a list.
std::string model_name(std::string_view encoded) {
    std::string name = percent_decode(encoded);
    if (name.starts_with("models/")) name.erase(0, std::string_view("models/").size());
    return name;
}

// POST .../models/{model}:{action}. Names hold ':' and '/' too ("ollama,qwen3:8b"), so the last
// ':' counts.
Result<Address> gemini_action(std::string_view rest, const net::RequestHead& head) {
    const std::string whole = model_name(rest);
    const std::size_t colon = whole.rfind(':');
    for (const Action& action : kActions) {
        if (colon == std::string::npos || whole.substr(colon + 1) != action.name) continue;
        const bool events = query_value(head.query, "alt") == "sse";
        Address address;
        address.page = action.page;
        address.client = Protocol::gemini;
        address.model = whole.substr(0, colon);
        address.stream = action.stream && events;
        address.as_array = action.stream && !events;
        return address;
    }
    return std::unexpected(nothing_here(head));
}

Result<Address> one_model(std::string_view rest, const net::RequestHead& head) {
    if (!allows("GET", head.method)) return std::unexpected(wrong_method(head, "GET"));
    Address address;
    address.page = Page::model;
    address.client = reader_of(head);
    address.model = model_name(rest);
    return address;
}

Result<Address> address_at(std::string_view whole, const net::RequestHead& head) {
    if (const auto route = in_table(kPublic, whole)) {
        auto address = at(*route, head);
        if (address) address->is_public = true;
        return address;
    }
    const Versioned versioned = without_version(whole);
    const std::string_view path = versioned.rest;
    if (versioned.is_gemini && !is_spoken(Protocol::gemini))
        return std::unexpected(nothing_here(head));
    if (path.starts_with(kModels) && path.size() > kModels.size()) {
        const std::string_view rest = path.substr(kModels.size());
        const bool acts = head.method == "POST" && is_spoken(Protocol::gemini);
        return acts ? gemini_action(rest, head) : one_model(rest, head);
    }
    const auto route = in_table(kVersioned, path);
    const bool is_here = route && (!versioned.is_gemini || route->page == Page::models);
    if (!is_here) return std::unexpected(nothing_here(head));
    return at(*route, head);
}

}  // namespace

NamespacedPath without_preset(std::string_view path) {
    constexpr std::string_view kPreset = "/preset/";
    if (!path.starts_with(kPreset)) return {"", path};
    const std::string_view after = path.substr(kPreset.size());
    const std::size_t end = std::min(after.find('/'), after.size());
    if (end == 0) return {"", path};
    const std::string_view rest = after.substr(end);
    return {percent_decode(after.substr(0, end)), rest.empty() ? "/" : rest};
}

Result<Address> address_of(const net::RequestHead& head) {
    NamespacedPath inside = without_preset(head.path);
    auto address = address_at(inside.rest, head);
    if (address) address->preset = std::move(inside.preset);
    return address;
}

bool is_anthropic_client(const net::RequestHead& head) {
    if (head.headers.get("anthropic-version") || head.headers.get("x-api-key")) return true;
    const auto agent = head.headers.get("user-agent");
    return agent && lower_case(*agent).starts_with("claude");
}

Protocol reader_of_target(std::string_view target) {
    const NamespacedPath inside = without_preset(target.substr(0, target.find('?')));
    const std::string_view path = inside.rest;
    Protocol reader = Protocol::anthropic;
    if (has_segment(path, "/chat/completions"))
        reader = Protocol::openai_chat;
    else if (has_segment(path, "/responses"))
        reader = Protocol::openai_responses;
    else if (without_version(path).is_gemini || path.find("enerateContent") != path.npos ||
             path.ends_with(":countTokens"))
        reader = Protocol::gemini;
    if (is_spoken(reader)) return reader;
    return reader == Protocol::openai_responses ? Protocol::openai_chat : Protocol::anthropic;
}

Protocol reader_of(const net::RequestHead& head) {
    const Protocol reader = reader_of_target(head.target);
    if (reader != Protocol::anthropic || has_segment(head.path, "/messages")) return reader;
    const bool is_google =
        head.headers.get("x-goog-api-key") || head.headers.get("x-goog-api-client");
    if (is_google && is_spoken(Protocol::gemini)) return Protocol::gemini;
    const NamespacedPath inside = without_preset(head.path);
    const bool lists = without_version(inside.rest).rest.starts_with("/models");
    return lists && !is_anthropic_client(head) ? Protocol::openai_chat : Protocol::anthropic;
}

}  // namespace ccr::gateway
