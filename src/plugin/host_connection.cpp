#include "plugin/host_connection.h"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace ccr::plugin {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kRoom = 64 * 1024;
constexpr auto kPong = 1000ms;
constexpr auto kReaped =
    10ms;  // a process's sockets are closed a moment before it can be waited for

}  // namespace

HostConnection::HostConnection(net::asio::io_context& context, int socket,
                               std::shared_ptr<HostProcess> process)
    : context_(context),
      socket_(context),
      doubt_(context),
      grace_(context),
      process_(std::move(process)) {
    boost::system::error_code error;
    socket_.assign(net::asio::local::stream_protocol(), socket, error);
    if (!error) socket_.non_blocking(true, error);
    lost_ = error.failed();
}

void HostConnection::start() {
    if (!lost_) read();
}

void HostConnection::close() {
    lost_ = true;
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void HostConnection::retire() {
    retired_ = true;
    if (sinks_.empty()) close();
}

void HostConnection::remove(std::uint32_t call) {
    sinks_.erase(call);
    if (!retired_ || !sinks_.empty() || lost_) return;
    // Its own last words are queued after this.
    net::asio::post(context_, [self = shared_from_this()] { self->close(); });
}

bool HostConnection::knows(std::uint64_t settings) {
    const bool known = knows_settings_ && settings_ == settings;
    knows_settings_ = true;
    settings_ = settings;
    return known;
}

std::uint32_t HostConnection::add(FrameSink& sink) {
    while (++last_call_ == 0 || sinks_.contains(last_call_)) {
    }
    sinks_[last_call_] = &sink;
    return last_call_;
}

void HostConnection::read() {
    socket_.async_read_some(
        net::asio::buffer(reader_.room(kRoom), kRoom),
        [self = shared_from_this()](const boost::system::error_code& error, std::size_t size) {
            if (error) return self->lose();
            self->reader_.filled(size);
            while (const auto frame = self->reader_.next()) self->take(*frame);
            if (self->reader_.broken()) {
                self->process_->kill("it sent what is no frame");
                return self->lose();
            }
            self->read();
        });
}

void HostConnection::take(const Frame& frame) {
    if (std::exchange(doubting_, false)) doubt_.cancel();
    if (frame.kind == FrameKind::hello) {
        up_ = true;
        for (const auto& [call, sink] : sinks_) sink->on_up();
        return;
    }
    if (frame.kind == FrameKind::roster)
        return process_->roster().hear(frame.head, process_->pid());
    const auto sink = sinks_.find(frame.call);
    if (sink != sinks_.end()) sink->second->on_frame(frame);
}

void HostConnection::send(const Frame& frame) {
    // A context that is taken down takes the calls under way with it, and has no ear for more.
    if (lost_ || context_.stopped()) return;
    append_frame(queued_, frame);
    if (writing_.empty()) write();
}

void HostConnection::write() {
    if (queued_.empty() || lost_) return;
    std::swap(queued_, writing_);
    net::asio::async_write(
        socket_, net::asio::buffer(writing_),
        [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
            self->writing_.clear();
            if (!error) self->write();  // a failure is seen by the read as well
        });
}

void HostConnection::doubt(std::string why) {
    if (lost_ || std::exchange(doubting_, true)) return;
    send({FrameKind::ping, 0, {}, {}});
    doubt_.expires_after(kPong);
    doubt_.async_wait(
        [weak = weak_from_this(), why = std::move(why)](const boost::system::error_code& error) {
            const auto self = weak.lock();
            if (!error && self && self->doubting_) self->process_->kill(why);
        });
}

void HostConnection::lose() {
    if (std::exchange(lost_, true)) return;
    grace_.expires_after(kReaped);
    grace_.async_wait(
        [self = shared_from_this()](const boost::system::error_code&) { self->tell_lost(); });
}

void HostConnection::tell_lost() {
    const Error error = make_error(ErrorKind::config, process_->how_it_ended());
    for (const auto& [call, sink] : sinks_) sink->on_lost(error);
}

}  // namespace ccr::plugin
