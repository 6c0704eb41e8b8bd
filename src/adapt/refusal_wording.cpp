#include "adapt/refusal_wording.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace ccr::adapt {
namespace {

// `{}` stands for a field's name, with or without quotes around it. Where each wording was seen:
// most are in the issue trackers of their clients, named owner/repository#number.
constexpr auto kRefused = std::to_array<std::string_view>({
    "unsupported parameter: {}",  // OpenAI, Azure, ChatGPT's Codex: decolua/9router#560,
                                  // Wei-Shaw/sub2api#3954
    "unsupported value: {} does not support",      // OpenAI: decolua/9router#560
    "unknown parameter: {}",                       // OpenAI
    "unrecognized request argument supplied: {}",  // OpenAI's older models, Azure
    "unknown name {}",                             // Google: n4ze3m/page-assist#418
    "unknown field {}",                            // servers in Rust and Go
    "property {} is unsupported",                  // Groq: janhq/jan#8136
    "{}: extra inputs are not permitted",          // Anthropic: anthropics/claude-code#31033
    "argument not supported on this model: {}",    // xAI
    "does not support parameter {}",               // xAI
    "does not support the parameter {}",
    "does not support this {}",  // DeepSeek's tool_choice
    "does not support the {} parameter",
    "support the provided {} value",    // OpenRouter's tool_choice
    "adaptive {} is not supported",     // Anthropic's older models
    "{} is not supported",              // many, vLLM among them
    "{} is deprecated for this model",  // Anthropic's sampling parameters
    "{} is not allowed for this model",
    "the {} parameter does not support being set to",  // DashScope's tool_choice
    "unexpected keyword argument {}",                  // Python servers
    "this model does not support {}",
    "model does not support {}",
});

constexpr auto kInstead =
    std::to_array<std::string_view>({"use {} instead", "please use {} instead", "did you mean {}"});

// Where a bounded field's name stands, when it is not told beside the text.
constexpr auto kBounded = std::to_array<std::string_view>({
    "unsupported value: {} does not support", "invalid value for {}",
    "valid range of {} is",   // DeepSeek: deepseek-ai/DeepSeek-V3#69
    "range of {} should be",  // DashScope: open-webui/open-webui#10507
    "{} is too large",        // OpenAI
    "{} must be less than",   // Groq
    "{} must be greater than", "{} must be at most", "{} must be at least", "{} must be between",
    "{} must be in",
    "{} must be one of",  // Groq's reasoning_effort
    "{} should be in", "{} should be between", "{} should be less than",
    "invalid {}:",           // OpenAI's later models; Moonshot's temperature
    "it has a {} value of",  // Vertex
    "{}: input should be",   // Anthropic
});

bool is_name_char(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '[' ||
           c == ']';
}
bool is_quote(char c) {
    return c == '\'' || c == '"' || c == '`' || c == '\\';
}

// The name that begins at `at`, quotes around it skipped; `at` ends behind them.
std::string name_at(std::string_view text, std::size_t& at) {
    while (at < text.size() && is_quote(text[at])) ++at;
    const std::size_t begin = at;
    while (at < text.size() && is_name_char(text[at])) ++at;
    std::string_view name = text.substr(begin, at - begin);
    while (at < text.size() && is_quote(text[at])) ++at;
    while (name.ends_with('.')) name.remove_suffix(1);
    return std::string(name);
}

// The name that ends before `end`.
std::string name_before(std::string_view text, std::size_t end) {
    while (end > 0 && is_quote(text[end - 1])) --end;
    std::size_t begin = end;
    while (begin > 0 && is_name_char(text[begin - 1])) --begin;
    return std::string(text.substr(begin, end - begin));
}

// Every name that stands in the place of `{}`.
void collect(std::string_view text, std::string_view wording, std::vector<std::string>& names) {
    const std::size_t hole = wording.find("{}");
    const std::string_view before = wording.substr(0, hole);
    const std::string_view after = wording.substr(hole + 2);
    const std::string_view anchor = before.empty() ? after : before;
    for (std::size_t found = text.find(anchor); found != std::string_view::npos;
         found = text.find(anchor, found + 1)) {
        std::size_t at = found + anchor.size();
        std::string name = before.empty() ? name_before(text, found) : name_at(text, at);
        const bool fits = before.empty() || text.substr(at).starts_with(after);
        if (fits && !name.empty()) names.push_back(std::move(name));
    }
}

std::optional<double> number_at(std::string_view text, std::size_t at) {
    while (at < text.size() && (text[at] == ' ' || is_quote(text[at]) || text[at] == ':')) ++at;
    double value = 0;
    const auto [end, failed] = std::from_chars(text.data() + at, text.data() + text.size(), value);
    if (failed != std::errc()) return std::nullopt;
    return value;
}

std::optional<double> number_after(std::string_view text, std::string_view phrase) {
    const std::size_t found = text.find(phrase);
    if (found == std::string_view::npos) return std::nullopt;
    return number_at(text, found + phrase.size());
}

// "[1, 8192]", "(0.0, 1.0]"
bool read_interval(std::string_view text, Bounds& out) {
    for (std::size_t open = text.find_first_of("[("); open != std::string_view::npos;
         open = text.find_first_of("[(", open + 1)) {
        const std::size_t comma = text.find(',', open);
        const std::size_t close = text.find_first_of("])", open);
        if (comma == std::string_view::npos || close == std::string_view::npos || comma > close)
            continue;
        const auto least = number_at(text, open + 1), most = number_at(text, comma + 1);
        if (!least || !most || *least > *most) continue;
        out = {least, most, text[open] == '(', text[close] == ')'};
        return true;
    }
    return false;
}

// "between 0 and 1"; "from 1 (inclusive) to 8193 (exclusive)" of Vertex.
bool read_from_to(std::string_view text, Bounds& out) {
    struct Form {
        std::string_view from, to;
    };
    static constexpr auto kForms =
        std::to_array<Form>({{"between ", " and "}, {"supported range is from ", " to "}});
    for (const Form& form : kForms) {
        const std::size_t from = text.find(form.from);
        if (from == std::string_view::npos) continue;
        const std::size_t to = text.find(form.to, from + form.from.size());
        if (to == std::string_view::npos) continue;
        const auto least = number_at(text, from + form.from.size());
        const auto most = number_at(text, to + form.to.size());
        if (!least || !most || *least > *most) continue;
        out.least = least;
        out.most = most;
        out.most_exclusive = text.find("(exclusive)", to) != std::string_view::npos;
        return true;
    }
    return false;
}

}  // namespace

std::vector<std::string> refused_fields(const Statement& statement) {
    std::vector<std::string> names;
    const std::string_view text = statement.text;
    for (const std::string_view wording : kRefused) collect(text, wording, names);
    // Google says below which member a name is unknown: Unknown name "x" at 'generation_config'.
    const std::size_t below = text.find(" at '");
    if (below != std::string_view::npos && text.find("unknown name") < below) {
        std::size_t at = below + 5;
        const std::string path = name_at(text, at);
        for (std::string& name : names) name = path + "." + name;
    }
    const bool is_extra = text == "extra inputs are not permitted";
    if (is_extra && !statement.field.empty()) names.push_back(statement.field);
    if (text.find("penalty is not enabled for") != std::string_view::npos)  // Gemini
        names.insert(names.end(), {"frequency_penalty", "presence_penalty"});
    if (text.find("endpoints found that support cache control") != std::string_view::npos)
        names.emplace_back("cache_control");  // OpenRouter: anthropics/claude-code#4415
    const bool forbids_choice = text.find("tool_choice") != std::string_view::npos &&
                                text.find("incompatible with thinking") != std::string_view::npos;
    if (forbids_choice) names.emplace_back("tool_choice");  // Moonshot
    return names;
}

std::optional<std::string> name_to_use(const Statement& statement) {
    std::vector<std::string> names;
    for (const std::string_view wording : kInstead) collect(statement.text, wording, names);
    if (names.empty()) return std::nullopt;
    return names.front();
}

std::vector<std::string> values_taken(const Statement& statement) {
    static constexpr auto kIntroductions = std::to_array<std::string_view>(
        {"supported values are", "must be one of", "should be one of", "input should be "});
    std::vector<std::string> values;
    for (const std::string_view introduction : kIntroductions) {
        std::size_t at = statement.text.find(introduction);
        if (at == std::string::npos) continue;
        at += introduction.size();
        const std::string_view text = statement.text;
        for (at = text.find_first_of("'\"`", at); at != std::string_view::npos;
             at = text.find_first_of("'\"`", at)) {
            std::string value = name_at(text, at);
            if (!value.empty()) values.push_back(std::move(value));
        }
        return values;
    }
    return values;
}

std::string field_bounded(const Statement& statement) {
    if (!statement.field.empty()) return statement.field;
    std::vector<std::string> names;
    for (const std::string_view wording : kBounded) collect(statement.text, wording, names);
    if (!names.empty()) return names.front();
    // Anthropic: "max_tokens: 64000 > 32000, which is the maximum allowed number of output tokens"
    if (statement.text.find("maximum allowed number of output tokens") != std::string::npos)
        return "max_tokens";
    return {};
}

Bounds bounds_of(const Statement& statement) {
    const std::string_view text = statement.text;
    Bounds out;
    if (read_interval(text, out) || read_from_to(text, out)) return out;
    static constexpr auto kMost = std::to_array<std::string_view>(
        {"less than or equal to", "must be <=", "expected a value <=", "must be at most",
         "supports at most", "up to a maximum of"});
    static constexpr auto kLeast = std::to_array<std::string_view>(
        {"greater than or equal to", "must be >=", "expected a value >=", "must be at least"});
    for (const std::string_view phrase : kMost) {
        if (!out.most) out.most = number_after(text, phrase);
    }
    for (const std::string_view phrase : kLeast) {
        if (!out.least) out.least = number_after(text, phrase);
    }
    if (text.find("maximum allowed number of output tokens") != std::string_view::npos)
        out.most = number_after(text, " > ");
    // Moonshot: "invalid temperature: only 1 is allowed for this model"
    if (text.find(" is allowed for this model") != std::string_view::npos) {
        if (const auto only = number_after(text, ": only ")) out.least = out.most = only;
    }
    return out;
}

bool refuses_images(const Statement& statement) {
    static constexpr auto kPhrases = std::to_array<std::string_view>({
        "does not support image",                        // anomalyco/opencode#40632
        "do not support image",                          // Volcengine: anomalyco/opencode#47994
        "endpoints found that support image input",      // OpenRouter
        "unknown variant `image_url`, expected `text`",  // DeepSeek: rikkahub/rikkahub#1433
        "image input is not supported",
        "images are not supported",
    });
    return std::ranges::any_of(kPhrases, [&](std::string_view phrase) {
        return statement.text.find(phrase) != std::string::npos;
    });
}

}  // namespace ccr::adapt
