#include "gateway/target_health.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/log.h"
#include "store/digest.h"

namespace ccr::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Time = TargetHealth::Time;
using Steady = TargetHealth::Steady;

constexpr std::string_view kKind = "key-rest";
constexpr std::size_t kMostKept = 4096;
constexpr int kFailuresBeforeRest = 3;
constexpr seconds kFirstRest{10};
constexpr seconds kLongestRest{30};         // a probe that fails costs little
constexpr seconds kLongestSilentRest{300};  // one that meets silence costs its whole time-out
constexpr seconds kProbeTime{30};
constexpr seconds kFirstLimitRest{5};
constexpr seconds kLongestLimitRest{120};
constexpr seconds kMostNamedRest{24 * 3600};  // what a provider may name
constexpr minutes kRefusedRest{10};
constexpr minutes kEmptyAccountRest{60};

// Never the key itself. A refusal for lack of permission may be about one model only.
std::string key_name(const config::Provider& provider, std::string_view model = {}) {
    return store::digest({provider.name, provider.base_url, provider.api_key, model});
}

std::string target_name(const config::Provider& provider, const std::string& model) {
    return store::digest({provider.name, provider.base_url, provider.proxy, model});
}

seconds doubled(seconds first, int times, seconds longest) {
    return std::min(first * (1 << std::clamp(times, 0, 16)), longest);
}

// Whether it says something about the target, and not about this request or this key.
bool is_about_the_target(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::upstream_unreachable:
        case ErrorKind::upstream_timeout:
        case ErrorKind::upstream_failure:
        case ErrorKind::upstream_protocol:
        case ErrorKind::overloaded:
            return true;
        default:
            return false;
    }
}

std::int64_t to_ms(Time time) {
    return std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count();
}

// How long a key rests; zero for not at all.
seconds length_of_rest(const Error& error, int failures) {
    if (error.fault == Fault::config) return seconds{0};  // ours to mend, and perhaps mended soon
    switch (error.kind) {
        case ErrorKind::rate_limit:
            return doubled(kFirstLimitRest, failures, kLongestLimitRest);
        case ErrorKind::billing:
            return kEmptyAccountRest;
        case ErrorKind::authentication:
        case ErrorKind::permission:
            return kRefusedRest;
        default:
            return seconds{0};
    }
}

// Names must not pile up.
template <typename Rests>
void forget_if_too_many(Rests& rests) {
    if (rests.size() > kMostKept) rests.clear();
}

}  // namespace

TargetHealth::TargetHealth(store::State& state, HealthClocks clocks)
    : state_(state), clocks_(std::move(clocks)) {}

void TargetHealth::ensure_loaded() {
    if (is_loaded_) return;
    auto records = state_.take(kKind);
    if (!records) return;
    is_loaded_ = true;
    const std::int64_t now = to_ms(clocks_.wall());
    for (const store::Record& record : *records) {
        std::int64_t until = 0;
        std::from_chars(record.value.data(), record.value.data() + record.value.size(), until);
        until = std::min(until, now + milliseconds(kMostNamedRest).count());
        const Steady ends = clocks_.steady() + milliseconds(until - now);
        if (until > now)
            keys_.try_emplace(record.key, Time(milliseconds(until)), ends, Steady{}, 1);
    }
}

bool TargetHealth::is_key_resting(const std::string& name) {
    const auto found = keys_.find(name);
    if (found == keys_.end()) return false;
    // A wall clock that is set back makes no rest longer. One that goes on, as over a machine's
    // sleep, ends it.
    return found->second.until > clocks_.wall() && found->second.ends > clocks_.steady();
}

bool TargetHealth::is_resting(const config::Provider& provider, const std::string& model) {
    const std::lock_guard lock(mutex_);
    ensure_loaded();
    if (keys_.empty() && targets_.empty()) return false;
    const auto target = targets_.find(target_name(provider, model));
    if (target != targets_.end() && target->second.until > clocks_.steady()) return true;
    return is_key_resting(key_name(provider)) || is_key_resting(key_name(provider, model));
}

TargetHealth::Turn TargetHealth::take_turn(const config::Provider& provider,
                                           const std::string& model) {
    const std::lock_guard lock(mutex_);
    if (targets_.empty()) return Turn::yes;
    const auto found = targets_.find(target_name(provider, model));
    if (found == targets_.end() || found->second.failures < kFailuresBeforeRest) return Turn::yes;
    if (found->second.until > clocks_.steady()) return Turn::no;
    found->second.probing = true;
    found->second.until = clocks_.steady() + kProbeTime;
    return Turn::probe;
}

void TargetHealth::give_turn_back(const config::Provider& provider, const std::string& model) {
    const std::lock_guard lock(mutex_);
    end_probe(target_name(provider, model), false);
}

void TargetHealth::succeeded(const config::Provider& provider, const std::string& model,
                             Steady began) {
    const std::lock_guard lock(mutex_);
    if (targets_.empty() && keys_.empty()) return;
    const auto target = targets_.find(target_name(provider, model));
    if (target != targets_.end() && target->second.failed_at <= began) targets_.erase(target);
    forget_key(key_name(provider), began);
    forget_key(key_name(provider, model), began);
}

void TargetHealth::forget_key(const std::string& name, Steady began) {
    const auto found = keys_.find(name);
    if (found == keys_.end() || found->second.failed_at > began) return;
    keys_.erase(found);
    state_.remove(kKind, name);
}

void TargetHealth::failed(const config::Provider& provider, const std::string& model,
                          const Error& error) {
    // Our own limit says nothing about the target, which was not asked.
    if (error.kind == ErrorKind::overloaded && error.fault == Fault::gateway) return;
    const std::lock_guard lock(mutex_);
    ensure_loaded();
    if (is_about_the_target(error.kind))
        return fail_target(target_name(provider, model), error.kind);
    // A refusal is an answer, too: somebody is there. A client that left has shown nothing.
    end_probe(target_name(provider, model), error.fault == Fault::upstream);
    rest_key(provider, model, error);
}

void TargetHealth::fail_target(const std::string& name, ErrorKind kind) {
    const Steady now = clocks_.steady();
    TargetRest& rest = targets_[name];
    // Those that were under way together are one failure.
    if (rest.until > now && !rest.probing) return;
    ++rest.failures;
    rest.failed_at = now;
    rest.probing = false;
    const bool silent = kind == ErrorKind::upstream_timeout;
    if (rest.failures >= kFailuresBeforeRest)
        rest.until = now + doubled(kFirstRest, rest.failures - kFailuresBeforeRest,
                                   silent ? kLongestSilentRest : kLongestRest);
    forget_if_too_many(targets_);
}

void TargetHealth::end_probe(const std::string& name, bool answered) {
    const auto found = targets_.find(name);
    if (found == targets_.end()) return;
    if (answered)
        targets_.erase(found);
    else if (std::exchange(found->second.probing, false))
        found->second.until = clocks_.steady();  // the next one may probe
}

void TargetHealth::rest_key(const config::Provider& provider, const std::string& model,
                            const Error& error) {
    const std::string name =
        error.kind == ErrorKind::permission ? key_name(provider, model) : key_name(provider);
    const auto known = keys_.find(name);
    const int failures = known == keys_.end() ? 0 : known->second.failures;
    seconds length = length_of_rest(error, failures);
    if (length == seconds{0}) return;
    if (error.retry_after) length = std::clamp(*error.retry_after, seconds{1}, kMostNamedRest);
    const bool rested = is_key_resting(name);
    KeyRest& rest = keys_[name];
    rest.until = std::max(rested ? rest.until : Time{}, clocks_.wall() + length);
    rest.ends = std::max(rested ? rest.ends : Steady{}, clocks_.steady() + length);
    rest.failed_at = clocks_.steady();
    if (!rested) ++rest.failures;
    state_.put(
        {std::string(kKind), name, std::to_string(to_ms(rest.until)), to_ms(clocks_.wall())});
    forget_if_too_many(keys_);
    log::write(error.kind == ErrorKind::rate_limit ? log::Level::info : log::Level::warn,
               "key rests",
               {{"provider", std::string_view(provider.name)},
                {"key", static_cast<std::int64_t>(provider.key_number)},
                {"kind", traits_of(error.kind).name},
                {"seconds", static_cast<std::int64_t>(length.count())}});
}

}  // namespace ccr::gateway
