#include "gateway/answer_pipe.h"

#include <utility>

namespace ccr::gateway {

void AnswerPipe::write(std::string_view bytes) {
    if (abandoned_) return;
    bytes_ += bytes;
    written_.notify();
}

void AnswerPipe::finish(std::string_view bytes) {
    ended_ = true;
    write(bytes);
}

net::Task<void> AnswerPipe::drained(net::Deadline deadline) {
    while (!is_drained() && net::Clock::now() < deadline) co_await taken_.wait(deadline);
}

net::Task<Result<std::string_view>> PipedResponse::next(net::Deadline deadline) {
    while (pipe_->bytes_.empty() && !pipe_->ended_ && !pipe_->abandoned_) {
        if (net::Clock::now() >= deadline)
            co_return fail(ErrorKind::upstream_timeout, "Nothing was written in time.");
        co_await pipe_->written_.wait(deadline);
    }
    if (pipe_->abandoned_) co_return fail(ErrorKind::client_gone, "The reader left.");
    given_ = std::exchange(pipe_->bytes_, {});
    pipe_->taken_.notify();
    co_return std::string_view(given_);
}

void PipedResponse::abort() {
    pipe_->abandoned_ = true;
    pipe_->written_.notify();
    pipe_->taken_.notify();
}

}  // namespace ccr::gateway
