#include "wire/gemini/model_traits.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "base/text_case.h"

namespace ccr::wire::gemini {
namespace {

struct Generation {
    int major = 3;
    int minor = 0;
    bool known = false;
};

// "gemini-2.5-flash" is 2.5; "models/" or a publisher may stand before it.
Generation generation_of(const std::string& name) {
    const std::size_t at = name.find("gemini-");
    if (at == std::string::npos) return {};
    std::string_view rest = std::string_view(name).substr(at + 7);
    const auto digit = [&](std::size_t i) {
        return i < rest.size() && std::isdigit(static_cast<unsigned char>(rest[i])) != 0;
    };
    if (!digit(0)) return {};
    Generation out{rest[0] - '0', 0, true};
    if (rest.size() > 1 && rest[1] == '.' && digit(2)) out.minor = rest[2] - '0';
    return out;
}

ModelTraits earlier_traits(const Generation& generation, const std::string& name) {
    ModelTraits out;
    out.wants_signatures = out.media_in_results = out.json_with_tools = false;
    const bool thinks = generation.major == 2 && generation.minor >= 5;
    out.thinking = thinks ? ThinkingControl::budget : ThinkingControl::none;
    if (name.find("-pro") != std::string::npos) {
        out.least_budget = 128;
        out.most_budget = 32'768;
        out.can_stop_thinking = false;
    } else if (name.find("flash-lite") != std::string::npos) {
        out.least_budget = 512;
    }
    return out;
}

}  // namespace

ModelTraits traits_of_model(std::string_view model) {
    const std::string name = lower_case(std::string(model));
    const Generation generation = generation_of(name);
    if (generation.known && generation.major < 3) return earlier_traits(generation, name);
    ModelTraits out;
    if (name.find("gemma") != std::string::npos) {
        out.thinking = ThinkingControl::none;
        out.wants_signatures = out.media_in_results = out.json_with_tools = false;
        return out;
    }
    const bool pro = name.find("-pro") != std::string::npos;
    out.knows_minimal = !pro;
    // Gemini 3 Pro knows low and high only; medium came with 3.1.
    out.knows_medium = !(pro && generation.major == 3 && generation.minor == 0);
    return out;
}

std::string_view level_of(chat::Effort effort, const ModelTraits& traits) {
    using chat::Effort;
    if (effort <= Effort::minimal) return traits.knows_minimal ? "minimal" : "low";
    if (effort == Effort::low) return "low";
    if (effort == Effort::medium && traits.knows_medium) return "medium";
    return "high";
}

std::int64_t budget_of(chat::Effort effort, const ModelTraits& traits) {
    using chat::Effort;
    switch (effort) {
        case Effort::none:
            return clamped_budget(0, traits);
        case Effort::minimal:
        case Effort::low:
            return clamped_budget(1024, traits);
        case Effort::medium:
            return clamped_budget(8192, traits);
        case Effort::high:
            return clamped_budget(24'576, traits);
        case Effort::xhigh:
        case Effort::max:
            break;
    }
    return traits.most_budget;
}

std::int64_t clamped_budget(std::int64_t budget, const ModelTraits& traits) {
    if (budget <= 0 && traits.can_stop_thinking) return 0;
    return std::clamp(budget, traits.least_budget, traits.most_budget);
}

}  // namespace ccr::wire::gemini
