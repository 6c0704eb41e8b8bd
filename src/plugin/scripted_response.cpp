#include "plugin/scripted_response.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "base/text_case.h"
#include "json/document.h"
#include "json/writer.h"

namespace ccr::plugin {
namespace {

constexpr std::size_t kWindow = 256 * 1024;
constexpr std::size_t kMostAtOnce = 256 * 1024;

std::string head_of(int status, const net::Headers& headers) {
    std::string head;
    json::Writer out(head);
    out.open_object().member("status", std::int64_t{status}).key("headers").open_array();
    for (const auto& [name, value] : headers)
        out.open_array().string(name).string(value).close_array();
    out.close_array().close_object();
    return head;
}

std::string message_of(const Error& error) {
    std::string head;
    json::Writer(head).open_object().member("message", error.message).close_object();
    return head;
}

// Lengths and codings are of the bytes that came, not of those that a plugin made.
bool is_of_the_transfer(std::string_view name) {
    return name == "content-length" || name == "content-encoding" || name == "transfer-encoding";
}

}  // namespace

ScriptedResponse::ScriptedResponse(net::asio::io_context& context,
                                   std::unique_ptr<net::ClientResponse> from,
                                   std::unique_ptr<HostCall> call)
    : context_(context),
      pump_(std::make_shared<Pump>(context, std::move(from))),
      call_(std::move(call)) {}

ScriptedResponse::~ScriptedResponse() {
    if (ended_) call_->finish();
    pump_->call = nullptr;
    if (begun_) pump_->from->abort();
    pump_->room.notify();
}

net::Task<void> ScriptedResponse::run(std::shared_ptr<Pump> pump) {
    while (pump->call) {
        if (pump->under_way >= kWindow) {
            co_await pump->room.wait(net::kNever);
            continue;
        }
        const auto bytes = co_await pump->from->next(net::kNever);
        if (!pump->call) co_return;
        if (!bytes || bytes->empty()) {
            std::string head;
            if (!bytes) {
                pump->broke = bytes.error();
                head = message_of(bytes.error());
            }
            pump->call->send(FrameKind::end, head, {});
            co_return;
        }
        pump->under_way += bytes->size();
        pump->call->send(FrameKind::data, {}, *bytes);
    }
}

void ScriptedResponse::begin(int status) {
    begun_ = true;
    call_->send(FrameKind::answer, head_of(status, pump_->from->headers()), {});
    pump_->call = call_.get();
    net::asio::co_spawn(context_, run(pump_), net::asio::detached);
}

// What the provider did is not the plugin's fault.
Error ScriptedResponse::failure(Error error) const {
    return pump_->broke ? *pump_->broke : std::move(error);
}

net::Task<Result<HostCall::Waited>> ScriptedResponse::frame(net::Deadline deadline) {
    for (;;) {
        auto came = co_await call_->frame(deadline);
        if (!came) co_return std::unexpected(failure(std::move(came).error()));
        if (!*came)
            co_return fail(ErrorKind::upstream_timeout,
                           "A transformer of yours gave nothing in time.");
        if ((*came)->kind != FrameKind::taken) co_return came;
        on_taken(**came);
    }
}

void ScriptedResponse::on_taken(const KeptFrame& frame) {
    json::Document document;
    const auto size = document.parse(frame.head);
    const auto bytes = size ? size->integer().value_or(0) : 0;
    pump_->under_way -=
        std::min(pump_->under_way, static_cast<std::size_t>(std::max<std::int64_t>(0, bytes)));
    pump_->room.notify();
}

Result<void> ScriptedResponse::on_opened(const KeptFrame& frame) {
    json::Document document;
    TRY(const json::View head, document.parse(frame.head));
    status_ = static_cast<int>(head["status"].integer().value_or(200));
    for (const json::View header : head["headers"].elements()) {
        std::vector<std::string> words;
        for (const json::View word : header.elements()) words.push_back(word.text().decode());
        if (words.size() == 2 && !is_of_the_transfer(lower_case(words[0])))
            headers_.add(std::move(words[0]), std::move(words[1]));
    }
    return {};
}

net::Task<Result<int>> ScriptedResponse::status(net::Deadline deadline) {
    if (!begun_) {
        CO_TRY(const int status, co_await pump_->from->status(deadline));
        passes_ = status < 200 || status >= 300;
        if (passes_) co_return status;
        begin(status);
    }
    while (status_ == 0) {
        CO_TRY(const HostCall::Waited came, co_await frame(deadline));
        if (came->kind == FrameKind::opened) {
            CO_TRY_DO(on_opened(*came));
        }
    }
    co_return status_;
}

const net::Headers& ScriptedResponse::headers() const {
    return passes_ ? pump_->from->headers() : headers_;
}

net::Task<Result<std::string_view>> ScriptedResponse::next(net::Deadline deadline) {
    if (passes_) co_return co_await pump_->from->next(deadline);
    if (!bytes_.empty()) call_->send(FrameKind::taken, std::to_string(bytes_.size()), {});
    bytes_.clear();
    while (!ended_) {
        CO_TRY(HostCall::Waited came, co_await frame(deadline));
        if (came->kind == FrameKind::end) ended_ = true;
        if (came->kind != FrameKind::data || came->body.empty()) continue;
        bytes_ = std::move(came->body);
        while (bytes_.size() < kMostAtOnce) {
            const HostCall::Waited more = call_->ready_data();
            if (!more) break;
            bytes_ += more->body;
        }
        co_return std::string_view(bytes_);
    }
    co_return std::string_view();
}

void ScriptedResponse::abort() {
    pump_->from->abort();
    call_->abort();
}

}  // namespace ccr::plugin
