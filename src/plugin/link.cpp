#include "plugin/link.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "json/document.h"

namespace ccr::plugin {
namespace {

using namespace std::chrono_literals;

constexpr auto kStartTime = 10s;
constexpr auto kLoadTime = 5s;
constexpr auto kUnused = 15s;                   // before a host is let go
constexpr auto kLookAgain = 1s;                 // for such
constexpr auto kSilence = 2s;                   // after which one that is given up may hang
constexpr std::size_t kMostQueued = 64u << 20;  // before a call; its own body may be any size

}  // namespace

HostCall::HostCall(net::asio::io_context& context, std::shared_ptr<HostConnection> connection,
                   std::string plugin, std::string hook)
    : connection_(std::move(connection)),
      wakeup_(context),
      plugin_(std::move(plugin)),
      hook_(std::move(hook)),
      call_(connection_->add(*this)) {
    enter(Phase::starting, kStartTime);
}

HostCall::~HostCall() {
    connection_->remove(call_);
    if (over_ || lost_) return;
    connection_->send({FrameKind::cancel, call_, {}, {}});
    if (net::Clock::now() - heard_ > kSilence)
        connection_->doubt(fmt::format("plugin {}, {}: it was given up, and hung", plugin_, hook_));
}

void HostCall::send(FrameKind kind, std::string_view head, std::string_view body) {
    connection_->send({kind, call_, head, body});
}

void HostCall::abort() {
    if (!over_) connection_->send({FrameKind::cancel, call_, {}, {}});
    over_ = true;
    lost_ = make_error(ErrorKind::client_gone, "The client left.");
    wakeup_.notify();
}

void HostCall::on_frame(const Frame& frame) {
    heard_ = net::Clock::now();
    inbox_.push_back({frame.kind, std::string(frame.head), std::string(frame.body)});
    wakeup_.notify();
}

void HostCall::on_lost(const Error& error) {
    if (lost_) return;
    lost_ = error;
    lost_->message = fmt::format("plugin {}, {}: {}", plugin_, hook_, error.message);
    if (!over_) connection_->process()->roster().failed(plugin_, hook_, error.message);
    wakeup_.notify();
}

void HostCall::enter(Phase phase, std::chrono::milliseconds time) {
    phase_ = phase;
    phase_time_ = time;
    phase_ends_ = net::Clock::now() + time;
}

Error HostCall::late() {
    std::string what = fmt::format("it did not answer within {} ms", phase_time_.count());
    if (phase_ == Phase::starting) what = "the plugin host did not come up in time";
    if (phase_ == Phase::loading)
        what = fmt::format("its file was not loaded within {} ms", phase_time_.count());
    connection_->process()->roster().failed(plugin_, hook_, what);
    std::string message = fmt::format("plugin {}, {}: {}", plugin_, hook_, what);
    connection_->doubt(message);
    return make_error(ErrorKind::config, std::move(message));
}

Result<HostCall::Waited> HostCall::pop() {
    KeptFrame frame = std::move(inbox_.front());
    inbox_.pop_front();
    if (frame.kind != FrameKind::failed) return frame;
    over_ = true;
    json::Document document;
    const auto told = document.parse(frame.head);
    if (!told)
        return fail(ErrorKind::config, fmt::format("plugin {}, {}: it failed", plugin_, hook_));
    const auto member = [&](std::string_view name) { return (*told)[name].text().decode(); };
    const std::string plugin = member("plugin"), hook = member("hook"), message = member("message");
    const std::string stack = member("stack");
    log::warn("a plugin failed", {{"plugin", std::string_view(plugin)},
                                  {"hook", std::string_view(hook)},
                                  {"reason", std::string_view(message)},
                                  {"stack", std::string_view(stack)}});
    return fail(ErrorKind::config, fmt::format("plugin {}, {}: {}", plugin, hook, message));
}

net::Task<Result<HostCall::Waited>> HostCall::frame(net::Deadline wake) {
    for (;;) {
        if (!inbox_.empty()) co_return pop();
        if (lost_) co_return std::unexpected(*lost_);
        if (net::Clock::now() >= wake) co_return Waited();
        if (phase_ == Phase::starting && connection_->is_up()) co_return Waited();
        co_await wakeup_.wait(wake);
    }
}

HostCall::Waited HostCall::ready_data() {
    if (inbox_.empty() || inbox_.front().kind != FrameKind::data) return std::nullopt;
    Waited out = std::move(inbox_.front());
    inbox_.pop_front();
    return out;
}

net::Task<Result<HostCall::Waited>> HostCall::result(std::chrono::milliseconds time,
                                                     net::Deadline wake) {
    for (;;) {
        if (phase_ == Phase::starting && connection_->is_up()) enter(Phase::loading, kLoadTime);
        CO_TRY(Waited came, co_await frame(std::min(wake, phase_ends_)));
        if (came && came->kind == FrameKind::result) co_return came;
        if (came && came->kind == FrameKind::began) enter(Phase::running, time);
        if (came) continue;
        // What woke it may be that the host is up.
        if (phase_ == Phase::starting && connection_->is_up()) continue;
        if (net::Clock::now() >= phase_ends_) co_return std::unexpected(late());
        if (net::Clock::now() >= wake) co_return Waited();
    }
}

Link::~Link() {
    for (const auto& [key, way] : ways_) {
        if (way.connection) way.connection->close();
    }
}

// What the configuration names no more; but several are in force side by side (presets'), so that
// only time tells. Calls under way on such a connection hold it to their end.
void Link::serves(const config::ConfigPtr& config) {
    const auto is_this = [&config](const Served& one) {
        return !one.config.owner_before(config) && !config.owner_before(one.config);
    };
    if (std::ranges::none_of(served_, is_this)) {
        std::erase_if(served_, [](const Served& one) { return one.config.expired(); });
        Served& added = served_.emplace_back(config);
        for (GrantSet& set : grant_sets(*config)) added.keys.push_back(std::move(set.key));
    }
    forget_unused();
}

void Link::forget_unused() {
    const auto now = net::Clock::now();
    if (ways_.empty() || now - looked_ < kLookAgain) return;
    looked_ = now;
    std::erase_if(ways_, [&](const auto& entry) {
        const auto& [key, way] = entry;
        const bool is_needed = std::ranges::any_of(served_, [&key](const Served& one) {
            return !one.config.expired() && std::ranges::find(one.keys, key) != one.keys.end();
        });
        if (is_needed || now - way.used < kUnused) return false;
        if (way.connection) way.connection->retire();
        return true;
    });
}

Result<std::shared_ptr<HostConnection>> Link::connect(const config::Config& config,
                                                      const GrantSet& grants) {
    Way& way = ways_[grants.key];
    way.used = net::Clock::now();
    if (way.connection && !way.connection->is_lost() && !way.connection->process()->has_ended())
        return way.connection;
    if (!way.host) way.host = hosts_.of(grants);
    TRY(auto process, way.host->process(config.scripts, grants));
    int socket = process->take_lane(lane_);
    if (socket < 0 && !way.connection) {
        // This way was forgotten while other threads went on with that host.
        way.host = hosts_.instead_of(way.host, grants);
        TRY(process, way.host->process(config.scripts, grants));
        socket = process->take_lane(lane_);
    }
    if (socket < 0) {
        process->kill("its connection was lost");
        return fail(ErrorKind::config,
                    "the plugin host is started anew; the next request finds it");
    }
    way.connection = std::make_shared<HostConnection>(context_, socket, std::move(process));
    way.connection->start();
    return way.connection;
}

Result<std::unique_ptr<HostCall>> Link::ask(const config::Config& config, const GrantSet& grants,
                                            std::string plugin, std::string hook,
                                            std::string_view head, std::string_view body) {
    auto connected = connect(config, grants);
    if (!connected)
        return fail(ErrorKind::config,
                    fmt::format("plugin {}: {}", plugin, connected.error().message));
    const std::shared_ptr<HostConnection>& connection = *connected;
    if (connection->queued() > kMostQueued)
        return fail(
            ErrorKind::config,
            fmt::format("plugin {}, {}: the plugin host does not read what it is sent; more "
                        "than {} MB wait for it",
                        plugin, hook, kMostQueued >> 20));
    if (!connection->knows(config.fingerprint))
        connection->send({FrameKind::settings, 0, {}, config.json});
    auto call =
        std::make_unique<HostCall>(context_, connection, std::move(plugin), std::move(hook));
    call->send(FrameKind::call, head, body);
    return call;
}

}  // namespace ccr::plugin
