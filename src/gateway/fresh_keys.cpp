#include "gateway/fresh_keys.h"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "base/log.h"
#include "base/redact.h"
#include "config/fetch_keys.h"
#include "gateway/client_stream.h"
#include "net/wakeup.h"
#include "store/digest.h"

namespace ccr::gateway {
namespace {

constexpr std::chrono::seconds kPause{10};  // between two fetches of a key that stays refused
constexpr std::size_t kMostKept = 1024;

}  // namespace

// By the configured key, so that a configuration that was read since brings its own.
std::string FreshKeys::name_of(const config::Provider& provider) {
    return store::digest(
        {provider.name, provider.key_command, provider.key_file, provider.api_key});
}

std::shared_ptr<const config::Provider> FreshKeys::current(const config::Provider& provider) {
    const auto itself = std::shared_ptr<const config::Provider>(std::shared_ptr<void>(), &provider);
    if (!config::is_fetched(provider)) return itself;
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(name_of(provider));
    if (found == entries_.end() || found->second.key.empty()) return itself;
    auto copy = std::make_shared<config::Provider>(provider);
    copy->api_key = found->second.key;
    redact::add_presented(copy->api_key);
    return copy;
}

net::asio::thread_pool& FreshKeys::thread() {
    const std::lock_guard lock(mutex_);
    if (!thread_) thread_.emplace(1);
    return *thread_;
}

// What goes to the thread and comes back, also to nobody: the client may have left meanwhile.
struct FreshKeys::Errand {
    Errand(net::asio::io_context& its_context, const config::Provider& its_provider,
           const std::string& refused_key)
        : provider(its_provider), refused(refused_key), context(its_context), wakeup(its_context) {}

    const config::Provider provider;
    const std::string refused;
    net::asio::io_context& context;
    net::Wakeup wakeup;  // this and what follows on the context's thread only
    bool done = false, renewed = false;
};

net::Task<bool> FreshKeys::renew(const config::Provider& provider, const std::string& refused,
                                 net::Exchange& exchange, ClientStream* company) {
    if (!config::is_fetched(provider)) co_return false;
    const auto executor = co_await net::asio::this_coro::executor;
    auto& context = net::asio::query(executor, net::asio::execution::context);
    const auto errand =
        std::make_shared<Errand>(static_cast<net::asio::io_context&>(context), provider, refused);
    send(errand);
    exchange.when_gone([errand] { errand->wakeup.notify(); });
    while (!errand->done && !exchange.gone()) {
        const net::Deadline wake = company ? company->next_heartbeat() : net::kNever;
        co_await errand->wakeup.wait(wake);
        if (!company || net::Clock::now() < company->next_heartbeat()) continue;
        // It is the command that is at work, and its time is bounded.
        auto beat = co_await company->heartbeat(net::Clock::now());
        if (!beat) break;
    }
    exchange.when_gone({});
    co_return errand->done && errand->renewed;
}

void FreshKeys::send(std::shared_ptr<Errand> errand) {
    net::asio::post(thread(), [this, errand = std::move(errand)]() mutable {
        const bool renewed = fetch(errand->provider, errand->refused);
        // Its timer is its thread's, so the last to hold it must not be this one.
        net::asio::io_context& context = errand->context;
        net::asio::post(context, [errand = std::move(errand), renewed] {
            errand->renewed = renewed;
            errand->done = true;
            errand->wakeup.notify();
        });
    });
}

bool FreshKeys::fetch(const config::Provider& provider, const std::string& refused) {
    const std::string name = name_of(provider);
    {
        const std::lock_guard lock(mutex_);
        if (entries_.size() > kMostKept) entries_.clear();
        Entry& entry = entries_[name];
        const std::string& key = entry.key.empty() ? provider.api_key : entry.key;
        // Another request that was refused has fetched it meanwhile.
        if (key != refused) return true;
        const auto now = net::Clock::now();
        if (entry.fetched_at && now - *entry.fetched_at < kPause) return false;
        entry.fetched_at = now;
    }
    auto key = config::fetch_key(provider);
    if (!key) {
        log::warn("a refused key cannot be fetched again",
                  {{"provider", std::string_view(provider.name)},
                   {"err", std::string_view(key.error().message)}});
        return false;
    }
    if (*key == refused) return false;
    keep(name, *std::move(key));
    log::info("a refused key was fetched again", {{"provider", std::string_view(provider.name)}});
    return true;
}

void FreshKeys::keep(const std::string& name, std::string key) {
    const std::lock_guard lock(mutex_);
    entries_[name].key = std::move(key);
}

}  // namespace ccr::gateway
