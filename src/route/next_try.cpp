#include "route/next_try.h"

#include <algorithm>

namespace ccr::route {
namespace {

using std::chrono::milliseconds;
using Where = NextTry::Where;

// So long is waited for the target that was asked, whose prompt cache is warm, rather than asking
// the next one.
constexpr milliseconds kShortWait{2000};

// What another key of the same provider may change.
bool is_about_the_key(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::authentication:
        case ErrorKind::permission:
        case ErrorKind::billing:
        case ErrorKind::rate_limit:
        case ErrorKind::not_found:
            return true;
        default:
            return false;
    }
}

// How many more tries the same target may get. A time-out has cost the user its whole limit
// already, and what is about the key or the size stays as it is.
int tries_again(const Error& error, const Tried& tried, int most) {
    switch (error.kind) {
        case ErrorKind::upstream_unreachable:
            return tried.another_target ? std::min(most, 1) : most;
        case ErrorKind::rate_limit:
            if (!tried.another_target) return most;
            return error.retry_after && *error.retry_after <= kShortWait ? std::min(most, 1) : 0;
        case ErrorKind::overloaded:
            if (!tried.another_target) return most;
            return error.status == 503 ? std::min(most, 1) : 0;  // as often a restart as a crowd
        case ErrorKind::upstream_failure:
        case ErrorKind::upstream_protocol:
        case ErrorKind::empty_reply:
            return std::min(most, 1);
        default:
            return 0;
    }
}

// Doubling from the base, at least half of it, so that many who failed together do not come back
// together.
milliseconds pause_before(int next_try, const config::RetrySettings& retry, double jitter) {
    const double doubled = static_cast<double>(retry.base->count()) * (1 << std::min(next_try, 16));
    const double capped = std::min(doubled, static_cast<double>(retry.cap->count()));
    return milliseconds(static_cast<std::int64_t>(capped * (0.5 + jitter / 2)));
}

// An answer that broke off goes on elsewhere, whatever broke it; here where nothing else is left.
NextTry after_interruption(const Tried& tried, const config::RetrySettings& retry, double jitter) {
    if (tried.another_target) return {Where::next_target, {}};
    if (tried.tries > *retry.most) return {};
    return {Where::same_target, pause_before(tried.tries - 1, retry, jitter)};
}

}  // namespace

NextTry next_try(const Error& error, const Tried& tried, const config::RetrySettings& retry,
                 double jitter) {
    if (error.retry == Retry::no) return {};
    if (tried.interrupted) return after_interruption(tried, retry, jitter);
    if (tried.another_key && is_about_the_key(error.kind)) return {Where::next_key, {}};
    const int again = tries_again(error, tried, *retry.most);
    if (tried.tries <= again) {
        milliseconds pause = pause_before(tried.tries - 1, retry, jitter);
        // Coming back before the time that the provider has named is in vain; waiting longer than
        // the user allows is the client's decision, which learns the time from us.
        if (error.retry_after) pause = std::max<milliseconds>(pause, *error.retry_after);
        if (pause <= *retry.cap) return {Where::same_target, pause};
    }
    if (tried.another_target) return {Where::next_target, {}};
    return {};
}

config::RetrySettings effective_retry(const config::Provider& provider,
                                      const config::Config& config) {
    config::RetrySettings out = provider.retry;
    if (!out.most) out.most = config.retry.most.value_or(0);
    if (!out.base) out.base = config.retry.base.value_or(milliseconds(0));
    if (!out.cap) out.cap = config.retry.cap.value_or(milliseconds(0));
    return out;
}

}  // namespace ccr::route
