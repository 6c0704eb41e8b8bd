#include "plugin/link.h"

#include <fmt/format.h>

#include "base/log.h"
#include "json/document.h"

namespace ccr::plugin {
namespace {

using namespace std::chrono_literals;

constexpr auto kStartTime = 10s;
constexpr auto kLoadTime = 5s;

}  // namespace

HostCall::HostCall(net::asio::io_context& context, std::shared_ptr<HostConnection> connection,
                   std::string plugin, std::string hook)
    : connection_(std::move(connection)),
      wakeup_(context),
      plugin_(std::move(plugin)),
      hook_(std::move(hook)),
      call_(connection_->add(*this)) {}

HostCall::~HostCall() {
    connection_->remove(call_);
    if (!over_) connection_->send({FrameKind::cancel, call_, {}, {}});
}

void HostCall::send(FrameKind kind, std::string_view head, std::string_view body) {
    connection_->send({kind, call_, head, body});
}

void HostCall::on_frame(const Frame& frame) {
    inbox_.push_back({frame.kind, std::string(frame.head), std::string(frame.body)});
    wakeup_.notify();
}

void HostCall::on_lost(const Error& error) {
    lost_ = error;
    lost_->message = fmt::format("plugin {}, {}: {}", plugin_, hook_, error.message);
    wakeup_.notify();
}

Error HostCall::late(std::string_view what_took_long) {
    std::string message = fmt::format("plugin {}, {}: {}", plugin_, hook_, what_took_long);
    connection_->doubt(message);
    return make_error(ErrorKind::config, std::move(message));
}

net::Task<Result<void>> HostCall::up(net::Deadline deadline) {
    while (!connection_->is_up()) {
        if (lost_) co_return std::unexpected(*lost_);
        if (net::Clock::now() >= deadline)
            co_return std::unexpected(late("the plugin host did not come up in time"));
        co_await wakeup_.wait(deadline);
    }
    co_return Result<void>();
}

net::Task<Result<KeptFrame>> HostCall::next(net::Deadline deadline,
                                            std::string_view what_took_long) {
    while (inbox_.empty()) {
        if (lost_) co_return std::unexpected(*lost_);
        if (net::Clock::now() >= deadline) co_return std::unexpected(late(what_took_long));
        co_await wakeup_.wait(deadline);
    }
    KeptFrame frame = std::move(inbox_.front());
    inbox_.pop_front();
    if (frame.kind != FrameKind::failed) co_return frame;
    over_ = true;
    json::Document document;
    const auto told = document.parse(frame.head);
    const std::string message = told ? (*told)["message"].text().decode() : "it failed";
    const std::string stack = told ? (*told)["stack"].text().decode() : "";
    log::warn("a plugin failed", {{"plugin", std::string_view(plugin_)},
                                  {"hook", std::string_view(hook_)},
                                  {"reason", std::string_view(message)},
                                  {"stack", std::string_view(stack)}});
    co_return fail(ErrorKind::config, fmt::format("plugin {}, {}: {}", plugin_, hook_, message));
}

net::Task<Result<KeptFrame>> HostCall::answer(std::chrono::milliseconds time) {
    CO_TRY_DO(co_await up(net::Clock::now() + kStartTime));
    const std::string too_slow = fmt::format("it did not answer within {} ms", time.count());
    std::string what = "its file was not loaded within 5 s";
    net::Deadline deadline = net::Clock::now() + kLoadTime;
    for (;;) {
        CO_TRY(KeptFrame frame, co_await next(deadline, what));
        if (frame.kind == FrameKind::result) {
            over_ = true;
            co_return frame;
        }
        if (frame.kind != FrameKind::began) continue;
        deadline = net::Clock::now() + time;
        what = too_slow;
    }
}

Result<void> Link::connect(const config::Config& config) {
    if (connection_ && !connection_->is_lost() && !connection_->process()->has_ended()) return {};
    TRY(auto process, host_.process(config.scripts));
    const int socket = process->take_lane(lane_);
    if (socket < 0) {
        process->kill("its connection was lost");
        return fail(ErrorKind::config,
                    "the plugin host is started anew; the next request finds it");
    }
    connection_ = std::make_shared<HostConnection>(context_, socket, std::move(process));
    connection_->start();
    return {};
}

Result<std::unique_ptr<HostCall>> Link::ask(const config::Config& config, std::string plugin,
                                            std::string hook, std::string_view head,
                                            std::string_view body) {
    TRY_DO(connect(config));
    if (!connection_->knows(config.fingerprint))
        connection_->send({FrameKind::settings, 0, {}, config.json});
    auto call =
        std::make_unique<HostCall>(context_, connection_, std::move(plugin), std::move(hook));
    call->send(FrameKind::call, head, body);
    return call;
}

}  // namespace ccr::plugin
