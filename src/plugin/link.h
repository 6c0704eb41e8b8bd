// Link: one thread's way to the plugin host; and HostCall, one question on it.
//
// The io_context's thread only. Nothing is opened, and no host started, before the first call.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "net/wakeup.h"
#include "plugin/host.h"
#include "plugin/host_connection.h"

namespace ccr::plugin {

/// A frame that owns its bytes.
struct KeptFrame {
    FrameKind kind = FrameKind::result;
    std::string head, body;
};

/// One question under way. Lives in one request's coroutine; destroying it takes the question
/// back.
class HostCall : private FrameSink {
  public:
    HostCall(net::asio::io_context& context, std::shared_ptr<HostConnection> connection,
             std::string plugin, std::string hook);
    ~HostCall() override;
    HostCall(const HostCall&) = delete;
    HostCall& operator=(const HostCall&) = delete;

    using Waited = std::optional<KeptFrame>;  // nothing: the wait was over first

    /// The result, within `time` from when the plugin's code began to run; loading it, and starting
    /// the host, have time of their own. Error (config): the plugin, the hook, and what went wrong.
    net::Task<Result<Waited>> result(std::chrono::milliseconds time, net::Deadline wake);
    /// The next frame after the result.
    net::Task<Result<Waited>> frame(net::Deadline wake);
    /// The next data that is here already; nothing where another frame comes first.
    Waited ready_data();

    void send(FrameKind kind, std::string_view head, std::string_view body);
    /// Nothing more will come of it or is wanted of it.
    void finish() { over_ = true; }
    /// Whoever waits gets client_gone.
    void abort();

  private:
    enum class Phase : std::uint8_t { starting, loading, running };
    void enter(Phase phase, std::chrono::milliseconds time);
    Result<Waited> pop();
    Error late();
    void on_frame(const Frame& frame) override;
    void on_up() override { wakeup_.notify(); }
    void on_lost(const Error& error) override;

    std::shared_ptr<HostConnection> connection_;
    net::Wakeup wakeup_;
    const std::string plugin_, hook_;
    std::uint32_t call_;
    std::deque<KeptFrame> inbox_;
    std::optional<Error> lost_;
    Phase phase_ = Phase::starting;
    net::Clock::time_point heard_ = net::Clock::now();  // anything of the call
    std::chrono::milliseconds phase_time_{0};
    net::Deadline phase_ends_ = net::kNever;
    bool over_ = false;
};

class Link {
  public:
    /// `lane`: which of the hosts' links this is, by its number. `hosts` must outlive it.
    Link(net::asio::io_context& context, Hosts& hosts, std::size_t lane)
        : context_(context), hosts_(hosts), lane_(lane) {}
    ~Link();
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    net::asio::io_context& context() const { return context_; }
    /// Puts a question to `plugin` of `grants`, a set of `config`: `head` as host/main.js reads it.
    /// Error (config): there is no host.
    Result<std::unique_ptr<HostCall>> ask(const config::Config& config, const GrantSet& grants,
                                          std::string plugin, std::string hook,
                                          std::string_view head, std::string_view body);
    /// A request is served by `config`: the hosts of its scripts stay as long as somebody holds it;
    /// others end when they have not been asked for a while.
    void serves(const config::ConfigPtr& config);

  private:
    /// The way to the host of one set.
    struct Way {
        std::shared_ptr<Host> host;
        std::shared_ptr<HostConnection> connection;
        net::Clock::time_point used{};
    };
    /// A configuration that requests came for.
    struct Served {
        std::weak_ptr<const config::Config> config;
        std::vector<std::string> keys;  // of its sets
    };
    void forget_unused();
    Result<std::shared_ptr<HostConnection>> connect(const config::Config& config,
                                                    const GrantSet& grants);
    net::asio::io_context& context_;
    Hosts& hosts_;
    const std::size_t lane_;
    std::map<std::string, Way, std::less<>> ways_;  // by GrantSet::key
    std::vector<Served> served_;
    net::Clock::time_point looked_{};  // for unused ones
};

}  // namespace ccr::plugin
