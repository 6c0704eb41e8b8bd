#include "gateway/reasons.h"

#include <fmt/format.h>

#include "base/text_case.h"

namespace ccr::gateway {
namespace {

constexpr std::string_view kReasons = "x-ccr-reasons";
constexpr std::size_t kLongest = 3000;  // clients bound their heads at 8 KB, some at 4

// A header takes ASCII without line ends.
std::string printable(std::string text) {
    for (char& c : text) {
        if (c < ' ' || c > '~') c = '?';
    }
    if (text.size() > kLongest) text.replace(kLongest, std::string::npos, "...");
    return text;
}

bool is_yes(std::string_view value) {
    const std::string word = lower_case(value);
    return !word.empty() && word != "0" && word != "false" && word != "no" && word != "off";
}

}  // namespace

void Reasons::decided(const route::Facts&, const route::Decision& decision,
                      const config::Config& config) {
    const auto asked = asked_.get(kReasons);
    wanted_ = asked ? is_yes(*asked) : config.routing.show_reasons;
    if (!wanted_) return;
    std::string all = fmt::format("scenario {}", decision.scenario);
    for (const route::Considered& rule : decision.considered)
        all += fmt::format("; {} {}: {}", rule.applied ? "+" : "-", rule.rule, rule.why);
    reasons_ = printable(std::move(all));
}

void Reasons::note(std::string_view reason) {
    if (wanted_) reasons_ = printable(fmt::format("{}; {}", reasons_, reason));
}

void Reasons::attempt(const route::Attempt& target) {
    if (wanted_) route_ = printable(target.provider->name + "," + target.model);
}

void Reasons::add_to(net::Headers& headers) const {
    if (!route_.empty()) headers.set("x-ccr-route", route_);
    if (!reasons_.empty()) headers.set(kReasons, reasons_);
}

}  // namespace ccr::gateway
