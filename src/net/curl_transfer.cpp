#include "net/curl_transfer.h"

#include <fmt/format.h>

#include <utility>

#include "net/curl_error.h"
#include "net/curl_library.h"
#include "net/transfer_error.h"

namespace ccr::net {

CurlTransfer::CurlTransfer(std::shared_ptr<CurlMultiDriver> driver)
    : driver_(std::move(driver)), last_byte_(Clock::now()), wakeup_(driver_->context()) {}

CurlTransfer::~CurlTransfer() {
    if (easy_ != nullptr) driver_->cancel(easy_, *this);
}

void CurlTransfer::start(const ClientRequest& request, const ProxyEnvironment& environment) {
    auto started = run(request, environment);
    if (started) return;
    if (easy_ != nullptr) curl().easy_cleanup(std::exchange(easy_, nullptr));
    end(std::move(started).error());
}

Result<void> CurlTransfer::run(const ClientRequest& request, const ProxyEnvironment& environment) {
    TRY(easy_, driver_->take_handle());
    TRY_DO(request_.apply(easy_, request, environment));
    set_answer_options();
    if (!driver_->add(easy_, *this)) {
        return fail(ErrorKind::internal,
                    fmt::format("A transfer to {} could not be started.", request_.endpoint()));
    }
    return {};
}

void CurlTransfer::set_answer_options() {
    curl().easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &CurlTransfer::take_header);
    curl().easy_setopt(easy_, CURLOPT_HEADERDATA, this);
    curl().easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &CurlTransfer::take_body);
    curl().easy_setopt(easy_, CURLOPT_WRITEDATA, this);
    curl().easy_setopt(easy_, CURLOPT_ERRORBUFFER, words_.data());
}

std::size_t CurlTransfer::take_header(char* bytes, std::size_t size, std::size_t count,
                                      void* opaque) {
    auto* self = static_cast<CurlTransfer*>(opaque);
    self->last_byte_ = Clock::now();
    const std::string& endpoint = self->request_.endpoint();
    if (!self->head_.take({bytes, size * count})) {
        self->refusal_ = head_too_large(endpoint, ResponseHead::kMaxBytes);
        return CURL_WRITEFUNC_ERROR;
    }
    if (!self->head_.complete()) return size * count;
    if (self->head_.status() == 407 && !self->request_.proxy().empty()) {
        Failure f;
        f.code = CURLE_PROXY;
        f.endpoint = endpoint;
        f.proxy = self->request_.proxy();
        f.proxy_status = 407;
        self->refusal_ = error_of(f);
        return CURL_WRITEFUNC_ERROR;
    }
    self->wakeup_.notify();
    return size * count;
}

std::size_t CurlTransfer::take_body(char* bytes, std::size_t size, std::size_t count,
                                    void* opaque) {
    auto* self = static_cast<CurlTransfer*>(opaque);
    self->last_byte_ = Clock::now();
    if (self->unread_.size() + size * count > kMostUnread) {
        self->paused_ = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    self->unread_.append(bytes, size * count);
    self->wakeup_.notify();
    return size * count;
}

void CurlTransfer::on_done(CURLcode result) {
    std::optional<Error> error;
    if (result == CURLE_OK && !head_.complete()) {
        // To libcurl a connection that closes inside the head is an empty answer.
        fmt::format_to_n(words_.data(), words_.size() - 1,
                         "the connection closed before the head was complete");
        result = CURLE_WEIRD_SERVER_REPLY;
    }
    // Of a line beyond its own limit libcurl says that memory was short.
    if (result == CURLE_OUT_OF_MEMORY && !head_.complete())
        refusal_ = head_too_large(request_.endpoint(), ResponseHead::kMaxBytes);
    if (result != CURLE_OK) error = refusal_ ? std::move(*refusal_) : failure(result);
    CURL* easy = std::exchange(easy_, nullptr);
    driver_->remove(easy, *this);
    if (error) {
        curl().easy_cleanup(easy);
        end(std::move(*error));
        return;
    }
    driver_->recycle(easy);
    ended_ = true;
    wakeup_.notify();
}

void CurlTransfer::on_close() {
    drop(client_closed());
}

void CurlTransfer::abort() {
    drop(transfer_cancelled());
}

void CurlTransfer::drop(Error error) {
    if (easy_ != nullptr) driver_->cancel(std::exchange(easy_, nullptr), *this);
    unread_.clear();
    end(std::move(error));
}

void CurlTransfer::end(Error error) {
    if (ended_ && error_) return;
    ended_ = true;
    error_ = std::move(error);
    wakeup_.notify();
}

Error CurlTransfer::failure(CURLcode code) const {
    if (request_.met_private_address()) {
        return make_error(ErrorKind::permission,
                          fmt::format("{} is not asked: its address is not on the open internet.",
                                      request_.endpoint()));
    }
    Failure f;
    f.code = code;
    f.endpoint = request_.endpoint();
    f.proxy = request_.proxy();
    f.detail = words_.data();
    long verified = 0;
    long connections = 0;
    curl_off_t sent_after = 0;
    curl().easy_getinfo(easy_, CURLINFO_OS_ERRNO, &f.system_error);
    curl().easy_getinfo(easy_, CURLINFO_HTTP_CONNECTCODE, &f.proxy_status);
    curl().easy_getinfo(easy_, CURLINFO_SSL_VERIFYRESULT, &verified);
    curl().easy_getinfo(easy_, CURLINFO_NUM_CONNECTS, &connections);
    curl().easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &sent_after);
    f.connect_time = request_.connect_time();
    f.certificate_problem = verified;
    f.connected = sent_after > 0;
    f.head_complete = head_.complete();
    return error_of(f);
}

Task<Result<void>> CurlTransfer::wait(Ptr self, Deadline deadline) {
    const Wakeup::Cause cause = co_await self->wakeup_.wait(deadline);
    if (cause == Wakeup::Cause::news) co_return Result<void>();
    if (cause == Wakeup::Cause::cancelled) co_return std::unexpected(transfer_cancelled());
    co_return std::unexpected(answer_overdue(self->request_.endpoint(), self->head_.complete()));
}

Task<Result<int>> CurlTransfer::status(Ptr self, Deadline deadline) {
    while (!self->head_.complete() && !self->ended_) {
        CO_TRY_DO(co_await wait(self, deadline));
    }
    const bool aborted = self->error_ && self->error_->kind == ErrorKind::client_gone;
    if (!self->head_.complete() || aborted) co_return std::unexpected(*self->error_);
    self->request_.keep_rest_of_body();
    co_return self->head_.status();
}

Task<Result<std::string_view>> CurlTransfer::next(Ptr self, Deadline deadline) {
    self->handed_.clear();
    while (self->unread_.empty() && !self->ended_) {
        CO_TRY_DO(co_await wait(self, deadline));
    }
    if (self->unread_.empty() && self->error_) co_return std::unexpected(*self->error_);
    self->handed_.swap(self->unread_);
    self->resume_receiving();
    co_return std::string_view(self->handed_);
}

void CurlTransfer::resume_receiving() {
    if (easy_ == nullptr || !std::exchange(paused_, false)) return;
    // Hands out what libcurl held back at once, and may pause again.
    if (curl().easy_pause(easy_, CURLPAUSE_CONT) == CURLE_OK) return;
    Error error = failure(CURLE_RECV_ERROR);
    driver_->cancel(std::exchange(easy_, nullptr), *this);
    end(std::move(error));
}

}  // namespace ccr::net
