// FreshKeys: keys that were fetched anew since the configuration was read, because a provider
// refused those of then.
//
// Any thread; commands run on a thread of its own, one after the other. One per process.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "config/config.h"
#include "net/async.h"
#include "net/http_server.h"

namespace ccr::gateway {

class ClientStream;

class FreshKeys {
  public:
    /// `provider` itself, which must outlive it then, or a copy with the newest key.
    std::shared_ptr<const config::Provider> current(const config::Provider& provider);

    /// After the provider's refusal of `current`'s key: runs the command or reads the file of
    /// `provider`, keeping `company` (if any) company meanwhile. Whether there is another key now;
    /// false at once while that was tried a moment ago, and when the client leaves. The exchange's
    /// when_gone is used meanwhile.
    net::Task<bool> renew(const config::Provider& provider, const std::string& refused,
                          net::Exchange& exchange, ClientStream* company);

  private:
    struct Entry {
        std::string key;  // "" = as configured
        std::optional<net::Clock::time_point> fetched_at;
    };

    struct Errand;

    void send(std::shared_ptr<Errand> errand);
    static std::string name_of(const config::Provider& provider);
    bool fetch(const config::Provider& provider, const std::string& refused);
    void keep(const std::string& name, std::string key);
    net::asio::thread_pool& thread();

    std::mutex mutex_;
    std::unordered_map<std::string, Entry> entries_;
    std::optional<net::asio::thread_pool> thread_;  // the last member: it ends first
};

}  // namespace ccr::gateway
