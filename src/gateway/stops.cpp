#include "gateway/stops.h"

#include <boost/asio/post.hpp>
#include <utility>
#include <vector>

namespace ccr::gateway {

std::uint64_t Stops::add(Stop stop) {
    const std::lock_guard lock(mutex_);
    entries_[++last_] = {"", std::move(stop)};
    return last_;
}

void Stops::belongs_to(std::uint64_t number, const std::string& session) {
    const std::lock_guard lock(mutex_);
    if (const auto found = entries_.find(number); found != entries_.end())
        found->second.session = session;
}

void Stops::remove(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    entries_.erase(number);
}

std::size_t Stops::stop(std::string_view session) {
    std::vector<Stop> meant;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [number, entry] : entries_) {
            if (!entry.session.empty() && entry.session == session) meant.push_back(entry.stop);
        }
    }
    for (const Stop& stop : meant) stop();
    return meant.size();
}

StoppableExchange::StoppableExchange(net::Exchange& client, Stops* stops,
                                     net::asio::io_context& context)
    : client_(client), stops_(stops), self_(std::make_shared<StoppableExchange*>(this)) {
    if (stops_ == nullptr) return;
    number_ = stops_->add([&context, weak = std::weak_ptr(self_)] {
        net::asio::post(context, [weak] {
            if (const auto self = weak.lock()) (*self)->stop();
        });
    });
}

StoppableExchange::~StoppableExchange() {
    if (stops_ != nullptr) stops_->remove(number_);
    client_.when_gone({});
}

void StoppableExchange::belongs_to(const std::string& session) {
    if (stops_ != nullptr) stops_->belongs_to(number_, session);
}

Error StoppableExchange::told(Error error) const {
    if (!stopped_) return error;
    // 400: what clients do not try again by themselves.
    return make_error(ErrorKind::invalid_request,
                      "This request was cancelled in ccr (`ccr top`, or its control socket).");
}

net::Task<Result<void>> StoppableExchange::send(net::Answer answer) {
    return client_.send(std::move(answer));
}

net::Task<Result<void>> StoppableExchange::open(int status, net::Headers headers,
                                                std::string_view first) {
    return client_.open(status, std::move(headers), first);
}

net::Task<Result<void>> StoppableExchange::send_chunked(int status, net::Headers headers,
                                                        std::string_view all) {
    return client_.send_chunked(status, std::move(headers), all);
}

void StoppableExchange::when_gone(std::function<void()> callback) {
    if (stopped_ && callback) return callback();
    callback_ = std::move(callback);
    if (callback_)
        client_.when_gone([this] { run_callback(); });
    else
        client_.when_gone({});
}

void StoppableExchange::stop() {
    if (std::exchange(stopped_, true)) return;
    run_callback();
}

void StoppableExchange::run_callback() {
    const auto callback = std::exchange(callback_, {});
    if (callback) callback();
}

}  // namespace ccr::gateway
