#include "base/redact.h"

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <mutex>
#include <set>

#include "base/redact_patterns.h"
#include "base/redact_words.h"

namespace ccr::redact {
namespace {

constexpr std::string_view kMask = "[redacted]";
constexpr std::size_t kShortestValue = 6;
constexpr std::size_t kPresentedKept = 64;
// Written where a server asks for no key; hiding them would hide the names of those servers.
constexpr std::array<std::string_view, 4> kPlaceholders = {"ollama", "lmstudio", "lm-studio",
                                                           "not-needed"};

struct Known {
    std::mutex editing;
    std::vector<std::string> configured;
    std::set<std::string, std::less<>> added;
    std::deque<std::string> presented;

    std::mutex swapping;  // held for a pointer copy only, so that no reader waits for a rebuild
    std::shared_ptr<const Words> words = std::make_shared<const Words>(std::vector<std::string>());
};

// Never destroyed: other threads may still log while the process ends.
Known& known() {
    static auto& instance = *new Known;
    return instance;
}

bool worth_hiding(std::string_view value) {
    return value.size() >= kShortestValue && kMask.find(value) == std::string_view::npos &&
           std::find(kPlaceholders.begin(), kPlaceholders.end(), value) == kPlaceholders.end();
}

std::string json_escaped(std::string_view value, bool slashes) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string out;
    for (char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\' || (c == '/' && slashes)) {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (c == '\r') {
            out += "\\r";
        } else if (byte < 0x20) {
            out += "\\u00";
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        } else {
            out += c;
        }
    }
    return out;
}

std::string percent_encoded(std::string_view value, std::string_view hex, std::string_view kept) {
    std::string out;
    for (char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                           (c >= 'A' && c <= 'Z') || kept.find(c) != std::string_view::npos;
        if (plain) {
            out += c;
        } else {
            out += '%';
            out += hex[byte >> 4];
            out += hex[byte & 15];
        }
    }
    return out;
}

void add_forms(std::string_view value, std::vector<std::string>& forms) {
    // RFC 3986 unreserved; what encodeURIComponent keeps besides; what a path or a form may keep.
    constexpr std::array<std::string_view, 3> kKept = {"-._~", "-._~!*'()", "-._~!*'()/:@+$,;=&"};
    forms.emplace_back(value);
    for (bool slashes : {false, true}) {
        std::string once = json_escaped(value, slashes);
        forms.push_back(
            json_escaped(once, slashes));  // an upstream's JSON body quoted in a line of ours
        forms.push_back(json_escaped(once, false));
        forms.push_back(std::move(once));
    }
    for (std::string_view kept : kKept) {
        forms.push_back(percent_encoded(value, "0123456789ABCDEF", kept));
        forms.push_back(percent_encoded(value, "0123456789abcdef", kept));
    }
}

void rebuild(Known& state) {
    std::vector<std::string> forms;
    for (const std::string& value : state.configured) add_forms(value, forms);
    for (const std::string& value : state.added) add_forms(value, forms);
    for (const std::string& value : state.presented) add_forms(value, forms);
    auto words = std::make_shared<const Words>(std::move(forms));
    const std::lock_guard lock(state.swapping);
    state.words.swap(words);
}

void find_values(std::string_view text, std::vector<Span>& spans) {
    std::shared_ptr<const Words> words;
    {
        Known& state = known();
        const std::lock_guard lock(state.swapping);
        words = state.words;
    }
    words->find(text,
                [&](std::size_t at, std::size_t length) { spans.push_back({at, at + length}); });
}

// Overlapping spans become one, so that no rest of a longer secret stays beside the mask of a
// shorter.
void join(std::vector<Span>& spans) {
    std::sort(spans.begin(), spans.end(),
              [](const Span& a, const Span& b) { return a.begin < b.begin; });
    std::size_t last = 0;
    for (std::size_t i = 1; i < spans.size(); ++i) {
        if (spans[i].begin <= spans[last].end) {
            spans[last].end = std::max(spans[last].end, spans[i].end);
        } else {
            spans[++last] = spans[i];
        }
    }
    spans.resize(last + 1);
}

std::string masked(std::string_view text, const std::vector<Span>& spans) {
    std::string out;
    std::size_t at = 0;
    for (const Span& span : spans) {
        out += text.substr(at, span.begin - at);
        out += kMask;
        at = span.end;
    }
    out += text.substr(at);
    return out;
}

std::vector<Span>& found_in(std::string_view text) {
    thread_local std::vector<Span> spans;
    spans.clear();
    find_values(text, spans);
    find_patterns(text, spans);
    if (!spans.empty()) join(spans);
    return spans;
}

}  // namespace

void set_secrets(std::vector<std::string> values) {
    std::erase_if(values, [](const std::string& value) { return !worth_hiding(value); });
    Known& state = known();
    const std::lock_guard lock(state.editing);
    state.configured = std::move(values);
    rebuild(state);
}

void add_secrets(const std::vector<std::string>& values) {
    Known& state = known();
    const std::lock_guard lock(state.editing);
    const std::size_t before = state.added.size();
    for (const std::string& value : values) {
        if (worth_hiding(value)) state.added.insert(value);
    }
    if (state.added.size() != before) rebuild(state);
}

void add_presented(std::string_view value) {
    if (!worth_hiding(value)) return;
    Known& state = known();
    const std::lock_guard lock(state.editing);
    const auto is_in = [value](const auto& values) {
        return std::find(values.begin(), values.end(), value) != values.end();
    };
    if (is_in(state.configured) || is_in(state.presented)) return;
    state.presented.emplace_back(value);
    if (state.presented.size() > kPresentedKept) state.presented.pop_front();
    rebuild(state);
}

std::string text(std::string_view text) {
    const std::vector<Span>& spans = found_in(text);
    return spans.empty() ? std::string(text) : masked(text, spans);
}

void scrub(std::string& text, std::size_t from) {
    if (from >= text.size()) return;
    const std::string_view rest = std::string_view(text).substr(from);
    const std::vector<Span>& spans = found_in(rest);
    if (spans.empty()) return;
    std::string clean = masked(rest, spans);
    text.replace(from, std::string::npos, clean);
}

bool is_secret_header(std::string_view name) {
    return is_secret_name(name);
}

std::string url(std::string_view url) {
    // A scheme-less proxy ("user:pass@host:1080") has its user info hidden too.
    if (url.find("://") == std::string_view::npos) {
        const std::size_t path = std::min(url.find_first_of("/?#"), url.size());
        const std::size_t sign = url.substr(0, path).rfind('@');
        if (sign != std::string_view::npos) return std::string(kMask) + text(url.substr(sign));
    }
    return text(url);
}

}  // namespace ccr::redact
