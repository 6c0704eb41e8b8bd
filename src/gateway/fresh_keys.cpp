#include "gateway/fresh_keys.h"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "base/log.h"
#include "base/redact.h"
#include "config/fetch_keys.h"
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

net::Task<bool> FreshKeys::renew(const config::Provider& provider, std::string refused) {
    if (!config::is_fetched(provider)) co_return false;
    const auto executor = co_await net::asio::this_coro::executor;
    const Errand errand{provider, refused, executor};
    co_return co_await on_thread(errand);
}

// The compiler mishandles what a coroutine's arguments own, so that nothing but references go in.
net::Task<bool> FreshKeys::on_thread(const Errand& errand) {
    return net::asio::async_initiate<const net::asio::use_awaitable_t<>&, void(bool)>(
        [this, &errand](auto handler) {
            net::asio::post(thread(), [this, &errand, handler = std::move(handler)]() mutable {
                const bool renewed = fetch(errand.provider, errand.refused);
                // The errand ends with the coroutine that goes on now.
                const auto executor = errand.executor;
                net::asio::post(executor, [handler = std::move(handler), renewed]() mutable {
                    std::move(handler)(renewed);
                });
            });
        },
        net::asio::use_awaitable);
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
