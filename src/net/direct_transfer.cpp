#include "net/direct_transfer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <boost/asio/buffer.hpp>
#include <utility>

#include "base/copy.h"
#include "net/client_request.h"
#include "net/socket_calls.h"
#include "net/transfer_error.h"

namespace ccr::net {
namespace {

constexpr int kMostReadsInARow = 4;
constexpr std::chrono::milliseconds kAddressTime{250};  // before the next address has its turn
constexpr std::chrono::seconds kResendTime{1};
constexpr int kKeepAliveIdle = 30;  // seconds
constexpr int kKeepAliveInterval = 15;

bool would_block(const boost::system::error_code& error) {
    return error == asio::error::would_block || error == asio::error::try_again;
}

// Empty with `error` set when there is no more room for sockets.
std::optional<DirectSocket> open(asio::io_context& context, const asio::ip::tcp& protocol,
                                 boost::system::error_code& error) {
    Descriptor descriptor = open_socket(protocol.family());
    if (!descriptor) {
        error.assign(errno, boost::system::system_category());
        return std::nullopt;
    }
    DirectSocket socket(context);
    socket.assign(protocol, descriptor.get(), error);
    if (error) return std::nullopt;
    descriptor.release();
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket.set_option(asio::socket_base::keep_alive(true), ignored);
#ifdef TCP_KEEPIDLE
    // A machine that went to sleep says nothing; without these it takes two hours to notice.
    const int native = socket.native_handle();
    ::setsockopt(native, IPPROTO_TCP, TCP_KEEPIDLE, &kKeepAliveIdle, sizeof kKeepAliveIdle);
    ::setsockopt(native, IPPROTO_TCP, TCP_KEEPINTVL, &kKeepAliveInterval,
                 sizeof kKeepAliveInterval);
#endif
    return socket;
}

}  // namespace

DirectTransfer::DirectTransfer(std::shared_ptr<DirectPool> pool)
    : pool_(std::move(pool)), last_byte_(Clock::now()), wakeup_(pool_->context()) {
    pool_->join(*this);
}

DirectTransfer::~DirectTransfer() {
    pool_->give_back(std::move(room_));
    pool_->leave(*this);
}

void DirectTransfer::start(const ClientRequest& request, DirectRoutes::Route route) {
    route_ = std::move(route);
    if (pool_->closed()) return end(client_closed());
    if (auto checked = check_request(request, route_->endpoint); !checked)
        return end(std::move(checked).error());
    head_ = head_of(request, *route_);
    body_ = request.body;
    connect_time_ = request.connect_time;
    reader_ = AnswerReader(request.method == "HEAD");
    began_ = Clock::now();
    connect();
}

// ---- connecting

void DirectTransfer::connect() {
    auto pooled = pool_->take(route_->endpoint);
    if (!pooled) return connect_to(0);
    socket_.emplace(std::move(*pooled));
    connected_ = reused_ = is_drained_ = true;
    send();
}

void DirectTransfer::connect_to(std::size_t which) {
    drop_connection();
    address_ = which;
    const bool last = which + 1 == route_->addresses.size();
    connect_deadline_ =
        Clock::now() + (last ? connect_time_ : std::min(connect_time_, kAddressTime));
    const auto& address = route_->addresses[which];
    ErrorCode error;
    socket_ = open(pool_->context(), address.protocol(), error);
    if (!socket_ && pool_->drop_idle())  // they hold descriptors, too
        socket_ = open(pool_->context(), address.protocol(), error);
    if (!socket_) return end(out_of_sockets(route_->endpoint, error.message()));
    socket_->async_connect(address,
                           [self = shared_from_this(), turn = turn_](const ErrorCode& failed) {
                               if (turn == self->turn_) self->on_connected(failed);
                           });
}

void DirectTransfer::on_connected(const ErrorCode& error) {
    if (error && address_ + 1 < route_->addresses.size()) return connect_to(address_ + 1);
    if (error) return end(connect_failed(route_->endpoint, error.message()));
    connected_ = is_drained_ = true;
    send();
    wakeup_.notify();
}

void DirectTransfer::on_connect_time_over() {
    if (connected_ || Clock::now() < connect_deadline_) return;
    if (address_ + 1 < route_->addresses.size()) return connect_to(address_ + 1);
    end(connect_timed_out(route_->endpoint, connect_time_));
}

// ---- sending

// A failure to send is not the end: the upstream may have answered before it closed.
void DirectTransfer::send() {
    ErrorCode error;
    while (sent_ < head_.size() + body_.size()) {
        sent_ += socket_->write_some(unsent(), error);
        if (error) break;
    }
    send_failed_ = error && !would_block(error);
    if (!would_block(error)) return;
    sending_ = true;
    socket_->async_wait(DirectSocket::wait_write,
                        [self = shared_from_this(), turn = turn_](const ErrorCode& failed) {
                            if (turn != self->turn_) return;
                            self->sending_ = false;
                            if (!failed) self->send();
                        });
}

std::vector<asio::const_buffer> DirectTransfer::unsent() const {
    const std::size_t of_head = std::min(sent_, head_.size());
    std::vector<asio::const_buffer> pieces = {asio::buffer(head_) + of_head};
    for (const std::string_view piece : body_.from(sent_ - of_head))
        pieces.push_back(asio::buffer(piece));
    return pieces;
}

void DirectTransfer::let_go_of_request() {
    const bool is_sent = sent_ == head_.size() + body_.size();
    if ((!sending_ && !is_sent) || !rest_.empty()) return;
    // What is left of the head stays in front of it.
    const std::size_t of_head = std::min(sent_, head_.size());
    rest_ = head_.substr(of_head) + body_.text(sent_ - of_head);
    head_.clear();
    head_.shrink_to_fit();
    body_ = BodyView(rest_);
    sent_ = 0;
}

// ---- receiving

// Takes what has come. False when that is nothing; then wakeup_ tells of more.
bool DirectTransfer::receive() {
    if (!connected_ || receiving_) return false;
    // An upstream that is always ready would keep the thread from everything else.
    if (is_drained_ || ++reads_in_a_row_ > kMostReadsInARow) {
        receive_later();
        return false;
    }
    if (receive_behind(0)) return true;
    receive_later();
    return false;
}

// Reads into the room, in front of which `count` bytes stand already. False when nothing is there.
bool DirectTransfer::receive_behind(std::size_t count) {
    if (!room_) room_ = pool_->lend_room();
    ErrorCode error;
    const auto free = asio::buffer(room_.get(), DirectPool::kReadBytes) + count;
    count += socket_->read_some(free, error);
    is_drained_ = count < DirectPool::kReadBytes;
    if (count > 0) on_received({room_.get(), count});
    if (error && !would_block(error) && !ended_) on_connection_end(error);
    return count > 0 || !would_block(error);
}

// Whoever comes here has handed out all that was read. An event or two fit into the glance, so that
// most streams borrow no room at all.
void DirectTransfer::receive_later() {
    receiving_ = true;
    reads_in_a_row_ = 0;
    pool_->give_back(std::move(room_));
    socket_->async_read_some(asio::buffer(glance_), [self = shared_from_this(), turn = turn_](
                                                        const ErrorCode& error, std::size_t count) {
        if (turn == self->turn_) self->on_glance(error, count);
    });
}

void DirectTransfer::on_glance(const ErrorCode& error, std::size_t count) {
    receiving_ = false;
    is_drained_ = count < glance_.size();
    if (error) {
        on_connection_end(error);
    } else if (is_drained_) {
        on_received({glance_.data(), count});
    } else {
        room_ = pool_->lend_room();
        copy_bytes(room_.get(), {glance_.data(), count});
        receive_behind(count);
    }
    wakeup_.notify();
}

void DirectTransfer::on_received(std::span<char> bytes) {
    last_byte_ = Clock::now();
    answered_ = true;
    const bool head_was_complete = reader_.head_complete();
    unread_ = reader_.feed(bytes);
    if (!head_was_complete && reader_.head_complete()) on_head();
    if (inflater_) inflater_->give(std::exchange(unread_, {}));
    if (!reader_.problem().empty()) return end(broken(reader_.problem()));
    if (reader_.done()) complete();
}

void DirectTransfer::on_head() {
    const std::string& coding = reader_.coding();
    if (coding.empty()) return;
    if (!Inflater::knows(coding)) {
        unread_ = {};
        return end(coding_unreadable(route_->endpoint));
    }
    inflater_ = std::make_unique<Inflater>();
}

void DirectTransfer::on_connection_end(const ErrorCode& error) {
    // The upstream may have ended a pooled connection just before our request reached it. Later,
    // the request itself may be why.
    if (reused_ && !answered_ && (send_failed_ || Clock::now() - began_ < kResendTime)) {
        sent_ = 0;
        return connect_to(0);
    }
    if (error != asio::error::eof) return end(broken(error.message()));
    // A reset that sending has met first reads as a plain end.
    if (send_failed_ && !reader_.done())
        return end(broken("the connection broke while the request was sent"));
    reader_.finish();
    if (!reader_.problem().empty()) return end(broken(reader_.problem()));
    complete();
}

// ---- ending

Error DirectTransfer::broken(std::string_view why) const {
    return answer_broken(route_->endpoint, why, reader_.head_complete());
}

void DirectTransfer::complete() {
    if (ended_) return;
    const bool sent = sent_ == head_.size() + body_.size();
    if (sent && reader_.keeps_connection()) {
        ++turn_;
        pool_->keep(route_->endpoint, std::move(*std::exchange(socket_, std::nullopt)));
    }
    end(std::nullopt);
}

void DirectTransfer::abort() {
    unread_ = {};
    inflater_.reset();
    end(transfer_cancelled());
}

void DirectTransfer::on_close() {
    unread_ = {};
    inflater_.reset();
    end(client_closed());
}

void DirectTransfer::end(std::optional<Error> error) {
    if (ended_ && error_) return;
    ended_ = true;
    error_ = std::move(error);
    drop_connection();
    wakeup_.notify();
}

void DirectTransfer::drop_connection() {
    ++turn_;
    socket_.reset();
    connected_ = reused_ = sending_ = receiving_ = is_drained_ = send_failed_ = false;
}

// ---- waiting

Task<Result<void>> DirectTransfer::wait(Ptr self, Deadline deadline) {
    const bool connecting = !self->connected_;
    const Deadline until = connecting ? std::min(deadline, self->connect_deadline_) : deadline;
    const Wakeup::Cause cause = co_await self->wakeup_.wait(until);
    if (cause == Wakeup::Cause::news) co_return Result<void>();
    if (cause == Wakeup::Cause::cancelled) co_return std::unexpected(transfer_cancelled());
    if (connecting && self->connect_deadline_ <= Clock::now()) {
        self->on_connect_time_over();
        co_return Result<void>();
    }
    co_return std::unexpected(
        answer_overdue(self->route_->endpoint, self->reader_.head_complete()));
}

Task<Result<int>> DirectTransfer::status(Ptr self, Deadline deadline) {
    while (!self->reader_.head_complete() && !self->ended_) {
        if (self->receive()) continue;
        CO_TRY_DO(co_await wait(self, deadline));
    }
    const bool aborted = self->error_ && self->error_->kind == ErrorKind::client_gone;
    if (!self->reader_.head_complete() || aborted) co_return std::unexpected(*self->error_);
    self->let_go_of_request();
    co_return self->reader_.status();
}

// What was received and not yet handed out; empty for nothing.
Result<std::string_view> DirectTransfer::ready() {
    if (!inflater_) return std::exchange(unread_, {});
    auto piece = inflater_->take();
    if (piece && piece->empty() && ended_ && !error_ && !inflater_->ended())
        piece = fail(ErrorKind::upstream_protocol, "its compressed body is cut off");
    if (!piece) return std::unexpected(broken(piece.error().message));
    return piece;
}

Task<Result<std::string_view>> DirectTransfer::next(Ptr self, Deadline deadline) {
    for (;;) {
        CO_TRY(const std::string_view bytes, self->ready());
        if (!bytes.empty()) co_return bytes;
        if (self->ended_ && self->error_) co_return std::unexpected(*self->error_);
        if (self->ended_) co_return std::string_view();
        if (self->receive()) continue;
        CO_TRY_DO(co_await wait(self, deadline));
    }
}

}  // namespace ccr::net
